import { setTimeout as sleep } from 'node:timers/promises'

/** Lets everybody rest at once: between two steps each asks whether it may go on. */
export class Gate {
  #isClosed = false
  #isOver = false
  #passing = 0
  #wake: (() => void)[] = []

  get isOver(): boolean {
    return this.#isOver
  }

  /** Runs one step; waits first while the gate is closed. False, with nothing done, once all is over. */
  async pass(step: () => Promise<void>): Promise<boolean> {
    while (this.#isClosed && !this.#isOver) await new Promise<void>((resolve) => this.#wake.push(resolve))
    if (this.#isOver) return false
    this.#passing += 1
    try {
      await step()
    } finally {
      this.#passing -= 1
    }
    return true
  }

  /** Resolves when every step under way has ended. */
  async close(): Promise<void> {
    this.#isClosed = true
    while (this.#passing > 0) await sleep(100)
  }

  open(): void {
    this.#isClosed = false
    this.#wakeAll()
  }

  /** Nobody begins another step. */
  end(): void {
    this.#isOver = true
    this.#wakeAll()
  }

  #wakeAll(): void {
    const waiting = this.#wake
    this.#wake = []
    for (const wake of waiting) wake()
  }
}
