import type { Transaction } from 'kysely'
import type { Database } from '../database.ts'
import { lockRun, moveRun, type RunRow } from '../import/runs.ts'
import { getDataType } from '../../domain/data-types/registry.ts'
import { refreshCaseAlert } from '../resolution/refresh-case-alert.ts'
import { followUndo, freeCases } from '../resolution/settle-resolution.ts'
import { findUndoChain } from '../import/find-undo-chain.ts'
import type { RunFailure } from '../tables/import-runs.ts'
import { countUndoTotals, updateUndoCounts } from './undo-totals.ts'

export type UndoEnd =
  | { readonly kind: 'done' }
  /** Another run changed the records before it began. */
  | { readonly kind: 'notCarriedOut'; readonly reason: string }
  | { readonly kind: 'failed'; readonly failure: RunFailure }

/**
 * Ends an undo, once, and moves the run that it took back: to `undone`, or `partlyUndone` when something stays as it
 * is. Gives the undo, which can itself be undone until `undoUntil` if it changed anything.
 */
export async function closeUndo(
  trx: Transaction<Database>,
  request: { readonly runId: string; readonly end: UndoEnd; readonly now: Date; readonly undoUntil: Date },
): Promise<RunRow> {
  const { runId, end, now } = request
  const undo = await lockRun(trx, runId)
  if (undo === undefined || undo.undoOf === null) throw new Error(`there is no undo ${runId} in this district`)
  if (undo.state !== 'applying') return undo
  await freeCases(trx, runId)
  if (end.kind === 'notCarriedOut') {
    await moveRun(trx, runId, 'discarded', { finishedAt: now, closedReason: end.reason })
  } else if (end.kind === 'failed') {
    await moveRun(trx, runId, 'cancelled', { finishedAt: now, failure: end.failure })
  } else {
    await updateUndoCounts(trx, runId)
    const { reverted, madeInactive, skippedCount } = await countUndoTotals(trx, runId)
    const undoUntil = reverted + madeInactive > 0 ? request.undoUntil : null
    await moveRun(trx, runId, 'completed', { finishedAt: now, undoUntil })
    await moveRun(trx, undo.undoOf, skippedCount === 0 ? 'undone' : 'partlyUndone')
    const { root, undos } = await findUndoChain(trx, undo)
    await followUndo(trx, { root, isUndone: undos.length % 2 === 1, dataType: getDataType(undo.dataType) })
    await refreshCaseAlert(trx, { districtId: undo.districtId, dataType: undo.dataType, runId: root.id })
  }
  const closed = await lockRun(trx, runId)
  if (closed === undefined) throw new Error(`there is no undo ${runId} in this district`)
  return closed
}
