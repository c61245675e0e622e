import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until the condition holds. There is no limit but that of the test file: a busy machine is not a failure. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20)
}

/** Tries until it works: for what asks a server that is away again and again. Throws what it threw after a minute of tries. */
export async function untilItWorks<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt()
    } catch (error) {
      if (tries > 200) throw error
      await sleep(300)
    }
  }
}
