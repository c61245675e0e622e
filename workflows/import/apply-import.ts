import { setCurrentDetails } from '@temporalio/workflow'
import type { AppliedRun, ApplyRequest } from '../../activities/interface.ts'
import { longSteps } from '../activity-options.ts'

export type ApplyImportInput = ApplyRequest & { readonly heartbeatMs: number }

/**
 * Applies one part of a run's plan. It is a workflow of its own for its id, `apply/{district}/{dataType}`: Temporal
 * runs one at a time under an id, so the id is the lock, and everybody can see who holds it. When it is cancelled it
 * ends well: the activity finishes its batch and says what it applied.
 */
export async function applyImport({ heartbeatMs, ...request }: ApplyImportInput): Promise<AppliedRun> {
  setCurrentDetails(`Applying part "${request.part}" of the plan of run ${request.runId}`)
  return longSteps(heartbeatMs).applyPlan(request)
}
