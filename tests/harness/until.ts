import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until the condition holds. There is no limit but that of the test file: a busy machine is not a failure. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20)
}
