import type { Transaction } from 'kysely'
import { deriveUndoWorkflowId } from '../../domain/ids.ts'
import type { Database } from '../database.ts'
import { insertAuditEntry } from '../access/audit.ts'
import { lockRun, type RunRow } from '../import/runs.ts'
import { claimSettled } from '../resolution/decided-anew.ts'
import { findUndoChain } from '../import/find-undo-chain.ts'
import { findUndoOf } from './find-own-obstacle.ts'
import { findUndoObstacle } from './find-undo-obstacle.ts'

export type UndoRequest = {
  /** The run to take back. */
  readonly runId: string
  readonly by: string
  readonly reason: string
  readonly now: Date
  /** The workflow that carries it out together with others, for a wish that is in the audit log already. */
  readonly throughWorkflowId?: string
}

export type OpenedUndo = { readonly undo: RunRow } | { readonly obstacle: string }

/**
 * Writes an undo down as a run of its own, with who asked for it. Asked again while it is under way, or after it was
 * stopped by a failure, it gives the one that is there, to go on with. Otherwise it says why it cannot be.
 */
export async function openUndo(trx: Transaction<Database>, request: UndoRequest): Promise<OpenedUndo> {
  const { runId, by, reason, now, throughWorkflowId } = request
  const workflowId = throughWorkflowId ?? deriveUndoWorkflowId(runId)
  const run = await lockRun(trx, runId)
  if (run === undefined) return { obstacle: 'there is no run of this id' }
  const earlier = await findUndoOf(trx, runId)
  if (earlier?.state === 'applying') return { undo: earlier }
  if (earlier?.state === 'cancelled') {
    await claimSettled(trx, earlier.id, await findUndoChain(trx, run))
    return { undo: await reopen(trx, earlier, workflowId) }
  }
  const obstacle = await findUndoObstacle(trx, run)
  if (obstacle !== undefined) return { obstacle: obstacle.reason }
  const { districtId, connectionId, dataType, isFieldImport } = run
  const undo = await trx
    .insertInto('importRuns')
    .values({
      districtId,
      connectionId,
      dataType,
      isFieldImport,
      // It has nothing to read and nothing to plan: the journal is its plan.
      state: 'applying',
      undoOf: runId,
      requestedBy: by,
      workflowId,
      startedAt: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  await claimSettled(trx, undo.id, await findUndoChain(trx, run))
  if (throughWorkflowId === undefined) {
    await insertAuditEntry(trx, {
      districtId,
      actor: by,
      action: 'requestUndo',
      subject: { runId, undoId: undo.id, reason },
    })
  }
  return { undo }
}

/** Not a move of import runs: only an undo goes on after a failure, with the batches that are missing. */
async function reopen(trx: Transaction<Database>, undo: RunRow, workflowId: string): Promise<RunRow> {
  return trx
    .updateTable('importRuns')
    .set({ state: 'applying', failure: null, finishedAt: null, closedReason: null, workflowId })
    .where('id', '=', undo.id)
    .returningAll()
    .executeTakeFirstOrThrow()
}
