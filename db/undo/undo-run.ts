import type { Kysely } from 'kysely'
import type { DataType } from '../../domain/data-types/define-data-type.ts'
import { withDistrict, type Database } from '../database.ts'
import { maxSeq } from '../staging/planned-creates.ts'
import { runInLanes } from '../plan/apply/run-in-lanes.ts'
import { claimUndo } from './claim-undo.ts'
import { divideUndo } from './divide-undo.ts'
import { findUndoChain, hasCreated } from '../import/find-undo-chain.ts'
import { undoBatch } from './undo-batch.ts'
import { updateUndoCounts } from './undo-totals.ts'

export type UndoRunRequest = {
  readonly districtId: string
  /** The undo, which is a run of its own. */
  readonly runId: string
  readonly dataType: DataType
  /** Records in one transaction; whoever begins decides. */
  readonly batchRows?: number
  /** Batches at the same time; two for a large undo unless told. */
  readonly lanes?: number
  /** Awaited after each batch; what it throws stops the undo between two batches. */
  readonly afterBatch?: (progress: { readonly doneRows: number; readonly totalRows: number }) => Promise<void> | void
}

/** Below that a second lane saves less than a second. */
const worthTwoLanes = 100_000

/**
 * Takes a run back in batches, each with its journal in a transaction of its own. Called again it goes on with the
 * batches that are not done. Gives why, when another run changed the records before it began; then nothing is changed.
 */
export async function undoRun(
  db: Kysely<Database>,
  request: UndoRunRequest,
): Promise<{ readonly obstacle: string | undefined }> {
  const { districtId, runId, dataType } = request
  const begun = await withDistrict(
    db,
    districtId,
    async (trx) => {
      const claim = await claimUndo(trx, runId)
      if (!('run' in claim)) return claim
      const { run } = claim
      const chain = await findUndoChain(trx, run)
      // Records that exchanged their ids get them back at once, or not.
      const batchRows = chain.root.isResolution ? maxSeq : (request.batchRows ?? 25_000)
      const withCreated = await hasCreated(trx, chain.root.id)
      await divideUndo(trx, dataType, { run, chain, withCreated, batchRows })
      const batches = await trx
        .selectFrom('undoBatches')
        .select(['batchNo', 'phase', 'rows', 'doneAt'])
        .where('runId', '=', runId)
        .orderBy('phase')
        .orderBy('batchNo')
        .execute()
      return { run, chain, batches }
    },
    { workMem: '64MB' },
  )
  if ('isClosed' in begun) return { obstacle: undefined }
  if ('obstacle' in begun) return begun
  const { run, chain, batches } = begun
  const totalRows = sumRows(batches)
  let doneRows = sumRows(batches.filter(({ doneAt }) => doneAt !== null))
  const lanes = request.lanes ?? (totalRows >= worthTwoLanes ? 2 : 1)
  for (const phase of new Set(batches.map((batch) => batch.phase))) {
    const open = batches.filter((batch) => batch.phase === phase && batch.doneAt === null)
    await runInLanes(open, lanes, async ({ batchNo, rows }) => {
      await withDistrict(db, districtId, (trx) => undoBatch(trx, { run, chain, dataType }, batchNo), {
        workMem: '64MB',
      })
      await withDistrict(db, districtId, (trx) => updateUndoCounts(trx, runId))
      doneRows += rows
      await request.afterBatch?.({ doneRows, totalRows })
    })
  }
  return { obstacle: undefined }
}

function sumRows(batches: readonly { readonly rows: number }[]): number {
  return batches.reduce((sum, { rows }) => sum + rows, 0)
}
