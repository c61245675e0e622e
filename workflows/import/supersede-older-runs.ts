import { getExternalWorkflowHandle, TemporalFailure } from '@temporalio/workflow'
import type { RunRef } from '../../activities/interface.ts'
import { steps } from '../activity-options.ts'
import { supersededSignal } from '../messages.ts'

/**
 * Tells the older runs of the same data type that still wait for a person that this one takes their place. A
 * run whose workflow is gone is closed here, so that the database never shows a hold nobody can answer.
 */
export async function supersedeOlderRuns(run: RunRef): Promise<void> {
  for (const older of await steps.listOlderHeldRuns(run)) {
    try {
      await getExternalWorkflowHandle(older.workflowId).signal(supersededSignal, { runId: run.runId })
    } catch (error) {
      if (!(error instanceof TemporalFailure)) throw error
      const outcome = { kind: 'discarded', reason: supersededReason(run.runId) } as const
      await steps.closeRun({ districtId: run.districtId, runId: older.runId, outcome })
    }
  }
}

export function supersededReason(byRunId: string): string {
  return `the newer run ${byRunId} of the same data type takes its place`
}
