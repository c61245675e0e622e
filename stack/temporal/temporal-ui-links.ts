import type { RunSearchAttribute } from '../../domain/derive-run-start.ts'
import { deriveRunWorkflowId } from '../../domain/ids.ts'

/** Every run has it, and nothing else: the sweeps of each minute would bury runs in the whole list. */
const ofRuns: RunSearchAttribute = 'RollbookRunId'

/** Where Temporal's UI lists the runs, and leaves out what workers start for themselves. */
export function linkToRuns(uiUrl: string): string {
  return `${uiUrl}/namespaces/default/workflows?query=${encodeURIComponent(`${ofRuns} IS NOT NULL`)}`
}

/** Where Temporal's UI shows one run. */
export function linkToRun(uiUrl: string, run: { district: string; dataType: string; runId: string }): string {
  const workflowId = deriveRunWorkflowId(run.district, run.dataType, run.runId)
  return `${uiUrl}/namespaces/default/workflows/${encodeURIComponent(workflowId)}`
}
