import { allHandlersFinished, condition, isCancellation, sleep } from '@temporalio/workflow'
import type { RunRef } from '../../activities/interface.ts'
import { caseSteps, type RunTimings } from '../activity-options.ts'
import type { CaseDesk } from './case-desk.ts'
import type { RunProgress } from '../import/describe-run.ts'

/** Time enough for what is mostly a few records. */
const resolutionMs = 10_000

/**
 * Keeps a run's workflow open for decisions about its duplicate cases, until none of them is its own any more (decided,
 * mended at the source, or taken over by a newer run) or the time is over. Cases wait in the database for longer: the
 * API and any newer run take decisions too. It looks once a day, so that its history stays short.
 */
export async function awaitResolution(
  run: RunRef,
  desk: CaseDesk,
  { casesMs, casesPollMs }: Pick<RunTimings, 'casesMs' | 'casesPollMs'>,
  show: (change: Partial<RunProgress>) => void,
): Promise<void> {
  show({ step: 'Waiting for decisions about duplicate cases (`rollbook alert list`)' })
  const deadline = Date.now() + casesMs
  try {
    while (Date.now() < deadline) {
      if ((await caseSteps.countCasesOf(run)).count === 0) break
      const { processed } = desk
      const isWoken = await condition(() => desk.processed > processed, Math.min(casesPollMs, deadline - Date.now()), {
        summary: 'duplicate cases wait for people',
      })
      if (isWoken) await sleep(Math.min(resolutionMs, casesPollMs), { summary: 'decisions are being carried out' })
    }
  } catch (error) {
    if (!isCancellation(error)) throw error
  }
  await condition(allHandlersFinished)
  show({ step: 'The run is over' })
}
