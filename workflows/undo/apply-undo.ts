import { setCurrentDetails } from '@temporalio/workflow'
import type { RunRef } from '../../activities/interface.ts'
import { longUndoSteps } from '../activity-options.ts'

export type ApplyUndoInput = RunRef & { readonly heartbeatMs: number }

/** Takes a run back. A workflow of its own for its id, as applyImport is: the two exclude each other. */
export async function applyUndo({ heartbeatMs, ...undo }: ApplyUndoInput): Promise<{ obstacle: string | null }> {
  setCurrentDetails(`Carrying out the undo ${undo.runId}`)
  return longUndoSteps(heartbeatMs).carryOutUndo(undo)
}
