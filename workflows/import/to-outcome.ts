import { ApplicationFailure, isCancellation, TemporalFailure } from '@temporalio/workflow'
import type { RunOutcome } from '../../activities/interface.ts'
import type { CancelRun } from '../messages.ts'

/** The code of a run that ended for a reason we did not foresee; the activity's log has the rest. */
const unforeseen = 'INTERNAL_ERROR'

/**
 * Why a run ends whose work threw. What is no failure of an activity or a child is a defect of the workflow itself and
 * is thrown on: Temporal then tries the workflow task again until the code is mended, and nothing is lost.
 */
export function toOutcome(error: unknown, cancellation: CancelRun | undefined): RunOutcome {
  if (!(error instanceof TemporalFailure)) throw error
  // Whatever failed while the run was being cancelled, a worker that died for one, it ends as the person asked.
  if (cancellation !== undefined) return { kind: 'cancelled', by: cancellation.by, reason: cancellation.reason }
  if (isCancellation(error))
    return { kind: 'cancelled', by: 'temporal', reason: 'the workflow was cancelled in Temporal' }
  return { kind: 'failed', code: codeOf(error) }
}

/** The code of a failed step, under whatever Temporal has wrapped it in. */
export function codeOf(error: unknown): string {
  if (error instanceof ApplicationFailure) return error.type ?? unforeseen
  return error instanceof TemporalFailure ? codeOf(error.cause) : unforeseen
}
