import type { Transaction } from 'kysely'
import { deriveUndoWorkflowId } from '../../domain/ids.ts'
import type { Database } from '../database.ts'
import { insertAuditEntry } from '../queries/audit.ts'
import { lockRun, type RunRow } from '../queries/runs.ts'
import { findUndoObstacle, findUndoOf } from './find-undo-obstacle.ts'

export type UndoRequest = {
  /** The run to take back. */
  readonly runId: string
  readonly by: string
  readonly reason: string
  readonly now: Date
}

export type OpenedUndo = { readonly undo: RunRow } | { readonly obstacle: string }

/**
 * Writes an undo down as a run of its own, with who asked for it. Asked again while it is under way, or after it was
 * stopped by a failure, it gives the one that is there, to go on with. Otherwise it says why it cannot be.
 */
export async function openUndo(trx: Transaction<Database>, request: UndoRequest): Promise<OpenedUndo> {
  const { runId, by, reason, now } = request
  const run = await lockRun(trx, runId)
  if (run === undefined) return { obstacle: 'there is no run of this id' }
  const earlier = await findUndoOf(trx, runId)
  if (earlier?.state === 'applying') return { undo: earlier }
  if (earlier?.state === 'cancelled') return { undo: await reopen(trx, earlier) }
  const obstacle = await findUndoObstacle(trx, run)
  if (obstacle !== undefined) return { obstacle }
  const { districtId, connectionId, dataType } = run
  const undo = await trx
    .insertInto('importRuns')
    .values({
      districtId,
      connectionId,
      dataType,
      // It has nothing to read and nothing to plan: the journal is its plan.
      state: 'applying',
      undoOf: runId,
      requestedBy: by,
      workflowId: deriveUndoWorkflowId(runId),
      startedAt: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  await insertAuditEntry(trx, {
    districtId,
    actor: by,
    action: 'requestUndo',
    subject: { runId, undoId: undo.id, reason },
  })
  return { undo }
}

/** Not a move of import runs: only an undo goes on after a failure, with the batches that are missing. */
async function reopen(trx: Transaction<Database>, undo: RunRow): Promise<RunRow> {
  return trx
    .updateTable('importRuns')
    .set({ state: 'applying', failure: null, finishedAt: null, closedReason: null })
    .where('id', '=', undo.id)
    .returningAll()
    .executeTakeFirstOrThrow()
}
