import { sleep } from '@temporalio/workflow'
import type { RunTimings } from '../activity-options.ts'

export type OlderWait = Pick<RunTimings, 'turnPollMs' | 'turnPollMaxMs' | 'turnWaitMs'>

/**
 * Asks again, with growing pauses, while the answer names an older run that has to come first. Undefined when that one
 * would not end within `turnWaitMs`.
 */
export async function waitForOlder<Answer>(
  { turnPollMs, turnPollMaxMs, turnWaitMs }: OlderWait,
  ask: () => Promise<Answer>,
  findOlder: (answer: Answer) => string | undefined,
  onWait: (olderRunId: string) => void,
): Promise<Answer | undefined> {
  const deadline = Date.now() + turnWaitMs
  for (let pauseMs = turnPollMs; ; pauseMs = Math.min(pauseMs * 2, turnPollMaxMs)) {
    const answer = await ask()
    const older = findOlder(answer)
    if (older === undefined) return answer
    if (Date.now() >= deadline) return undefined
    onWait(older)
    await sleep(pauseMs, { summary: 'an older run comes first' })
  }
}
