import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import { startChild } from '@temporalio/workflow'
import type { RunRef } from '../../activities/interface.ts'

export type UndoWindowInput = RunRef & {
  /** The district's slug: part of the workflow ids and a search attribute. */
  readonly district: string
  readonly dataType: string
  /** When the window ends, as the run has it; ISO 8601. A moment, because a reset must not make the wait longer. */
  readonly undoUntil: string
}

/** Starts the undo window of a run, which outlives whoever starts it. One that is there is left as it is. */
export async function startUndoWindow(input: UndoWindowInput): Promise<void> {
  const { district, dataType, runId } = input
  const labels = {
    RollbookDistrict: district,
    RollbookDataType: dataType,
    RollbookRunId: runId,
    RollbookState: 'open',
  }
  try {
    // By its name: an undo starts a window for itself, so the two would import each other.
    await startChild('undoWindow', {
      workflowId: `undo/${runId}`,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      parentClosePolicy: 'ABANDON',
      cancellationType: 'ABANDON',
      args: [input],
      staticSummary: `Undo of ${dataType} for ${district}`,
      typedSearchAttributes: Object.entries(labels).map(([name, value]) => ({
        key: { name, type: 'KEYWORD' as const },
        value,
      })),
    })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}
