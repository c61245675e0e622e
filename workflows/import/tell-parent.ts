import { getExternalWorkflowHandle, workflowInfo } from '@temporalio/workflow'
import { runSettledSignal } from '../messages.ts'

/** Tells the import set that the run is part of; nothing where it is none, or the set is over. */
export async function tellParent(runId: string): Promise<void> {
  const { parent } = workflowInfo()
  if (parent === undefined) return
  try {
    await getExternalWorkflowHandle(parent.workflowId, parent.runId).signal(runSettledSignal, { runId })
  } catch {
    // Nobody listens any more: the set asks the database by itself while it is open.
  }
}
