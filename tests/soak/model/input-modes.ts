type Applied = { readonly runId: string; readonly mode: 'bulk' | 'delta'; isTakenBack: boolean }

/**
 * Whether the first complete package after deltas is asked about (`otherMode`, docs/guides/review-a-held-run.md): once,
 * until one was applied, and what was undone does not count.
 */
export class InputModes {
  readonly #applied: Applied[] = []
  /** After an undo of an undo the documents leave open whether the input counts again. */
  #isOpen = false

  apply(runId: string, mode: 'bulk' | 'delta'): void {
    this.#applied.push({ runId, mode, isTakenBack: false })
  }

  takeBack(runId: string): void {
    const run = this.#applied.find((one) => one.runId === runId)
    if (run === undefined) this.#isOpen = true
    else run.isTakenBack = true
  }

  /** For a package of this mode that comes now. */
  ask(mode: 'bulk' | 'delta'): 'asked' | 'open' | 'notAsked' {
    if (mode === 'delta') return 'notAsked'
    if (this.#isOpen) return 'open'
    const counted = this.#applied.filter(({ isTakenBack }) => !isTakenBack)
    const firstDelta = counted.findIndex((one) => one.mode === 'delta')
    if (firstDelta === -1) return 'notAsked'
    return counted.slice(firstDelta).some((one) => one.mode === 'bulk') ? 'notAsked' : 'asked'
  }
}
