import { executeChild, TemporalFailure } from '@temporalio/workflow'
import type { ClosedUndo, OpenedUndo, UndoOutcome } from '../../activities/interface.ts'
import { defaultTimings, undoSteps, type RunTimings } from '../activity-options.ts'
import { waitForTurn } from '../import/apply-in-turn.ts'
import { applyUndo } from './apply-undo.ts'
import { startUndoWindow } from './start-undo-window.ts'
import { codeOf } from '../import/to-outcome.ts'

export type UndoPlace = {
  readonly districtId: string
  readonly district: string
  readonly dataType: string
  readonly timings?: Partial<RunTimings>
}

/**
 * Carries out an undo that was opened, when it is its turn, closes it and opens its own window. Harmless when somebody
 * else carries the same one out: they wait for each other, and the second finds it done.
 */
export async function carryOutUndo(
  place: UndoPlace,
  { undoRunId, heartbeatMs }: OpenedUndo & { kind: 'opened' },
  onWait: () => void,
): Promise<ClosedUndo> {
  const { districtId, district, dataType } = place
  const undo = { districtId, runId: undoRunId }
  let outcome: UndoOutcome
  try {
    outcome = await undoInTurn(place, { ...undo, heartbeatMs }, onWait)
  } catch (error) {
    if (!(error instanceof TemporalFailure)) throw error
    outcome = { kind: 'failed', code: codeOf(error) }
  }
  const closed = await undoSteps.closeUndo({ ...undo, outcome })
  if (closed.undoUntil !== null) {
    await startUndoWindow({ ...undo, district, dataType, undoUntil: closed.undoUntil })
  }
  return closed
}

async function undoInTurn(
  { district, dataType, timings }: UndoPlace,
  request: Parameters<typeof applyUndo>[0],
  onWait: () => void,
): Promise<UndoOutcome> {
  const turn = { district, dataType, timings: { ...defaultTimings, ...timings }, onWait }
  const done = await waitForTurn(turn, (workflowId) =>
    executeChild(applyUndo, {
      workflowId,
      args: [request],
      parentClosePolicy: 'ABANDON',
      staticSummary: `Undo ${dataType} of ${district}`,
    }),
  )
  if ('kind' in done) {
    return { kind: 'notCarriedOut', reason: 'another import of the same data type would not end' }
  }
  return done.obstacle === null ? { kind: 'done' } : { kind: 'notCarriedOut', reason: done.obstacle }
}
