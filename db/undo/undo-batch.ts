import { sql, type Selectable, type Transaction } from 'kysely'
import type { DataType } from '../../domain/data-types/define-data-type.ts'
import type { Database } from '../database.ts'
import type { RunRow } from '../import/runs.ts'
import { quoteLiteral } from '../fields/quote-literal.ts'
import type { UndoBatches, UndoCounts } from '../tables/undo.ts'
import type { UndoChain } from '../import/find-undo-chain.ts'
import { freeExchangedIds } from './free-exchanged-ids.ts'
import { buildGiveUpSql, givenUpPlanNo, handedBackPlanNo, largestPlanNo } from './give-up-ids.ts'
import { buildCreatedSql, buildInsertKeptSql, type CreatedShape } from './undo-created-sql.ts'
import { buildRevertRestSql, buildRevertSql } from './undo-sql.ts'

export type UndoBatch = Selectable<UndoBatches>
export type UndoWork = {
  readonly run: RunRow & { readonly undoOf: string }
  readonly chain: UndoChain
  readonly dataType: DataType
}

/** Does one batch of an undo and marks it, both in the caller's transaction. One that is done is passed over. */
export async function undoBatch(trx: Transaction<Database>, work: UndoWork, batchNo: number): Promise<void> {
  const { run } = work
  await checkClaim(trx, run)
  const batch = await trx
    .selectFrom('undoBatches')
    .selectAll()
    .where('runId', '=', run.id)
    .where('batchNo', '=', batchNo)
    .forUpdate()
    .executeTakeFirstOrThrow()
  if (batch.doneAt !== null) return
  // Told apart from a person's edit by the trigger on the records.
  await sql`select set_config('rollbook.applying', 'undo', true)`.execute(trx)
  const counts = await doPart(trx, work, batch)
  await trx
    .updateTable('undoBatches')
    .set({ counts: JSON.stringify(counts), doneAt: sql<Date>`now()` })
    .where('runId', '=', run.id)
    .where('batchNo', '=', batchNo)
    .execute()
}

async function doPart(trx: Transaction<Database>, work: UndoWork, batch: UndoBatch): Promise<Partial<UndoCounts>> {
  switch (batch.part) {
    case 'journal': {
      const counts = await undoJournal(trx, work, batch)
      // What a created record is called counts with whether it is there.
      return batch.planNo === givenUpPlanNo || batch.planNo === handedBackPlanNo ? {} : counts
    }
    case 'created':
      return undoCreated(trx, work, batch)
    case 'givenUp':
      await sql.raw(buildGiveUpSql(work.dataType, buildCreatedShape(work, null))).execute(trx)
      return {}
  }
}

/** Keeps others from claiming the records meanwhile. Whoever was given up for dead, and lives, ends here. */
async function checkClaim(trx: Transaction<Database>, run: RunRow): Promise<void> {
  const held = await trx
    .selectFrom('datasetVersions')
    .select('lastRunId')
    .where('districtId', '=', run.districtId)
    .where('dataType', '=', run.dataType)
    .forShare()
    .executeTakeFirst()
  if (held?.lastRunId !== run.id) throw new Error(`another run changed the records while run ${run.id} took one back`)
}

async function undoJournal(
  trx: Transaction<Database>,
  { run, chain, dataType }: UndoWork,
  { planNo, firstSeq, lastSeq, rows }: UndoBatch,
): Promise<Partial<UndoCounts>> {
  if (planNo === null || firstSeq === null || lastSeq === null) throw new Error('a batch of the journal has its range')
  const shape = {
    district: toUuid(run.districtId),
    undo: toUuid(run.id),
    target: toUuid(run.undoOf),
    planNo,
    // Backwards, so that an undo of this undo, which reads the last plan first too, sees them in the old order.
    newPlanNo: largestPlanNo - planNo,
    firstSeq,
    lastSeq,
  }
  // A batch is a small part of the records, whatever the planner thinks of a journal that was written a moment ago.
  await sql`select set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)`.execute(trx)
  const counts = { update: 0, reactivate: 0, deactivate: 0 }
  const take = async (statement: string) => {
    const done = await sql.raw<{ action: keyof typeof counts; count: number }>(statement).execute(trx)
    for (const { action, count } of done.rows) counts[action] += count
  }
  // Only what people decided lets records exchange their ids.
  if (chain.root.isResolution) await freeExchangedIds(trx, dataType, shape)
  await take(buildRevertSql(dataType, shape))
  if (counts.update + counts.reactivate + counts.deactivate < rows) await take(buildRevertRestSql(dataType, shape))
  return counts
}

async function undoCreated(
  trx: Transaction<Database>,
  work: UndoWork,
  { firstId, lastId, rows }: UndoBatch,
): Promise<Partial<UndoCounts>> {
  if (firstId === null || lastId === null) throw new Error('a batch of created records has its range')
  const shape = buildCreatedShape(work, { firstId, lastId })
  const { numAffectedRows } = await sql.raw(buildCreatedSql(work.dataType, shape)).execute(trx)
  const count = Number(numAffectedRows ?? 0n)
  if (count < rows) await sql.raw(buildInsertKeptSql(work.dataType, shape)).execute(trx)
  return shape.becomes === 'inactive' ? { madeInactive: count } : { madeActive: count }
}

/** `chain` goes from the import to the run at hand, which may be an undo that is only thought of. */
export function buildCreatedShape(
  { run, chain }: Pick<UndoWork, 'run' | 'chain'>,
  range: CreatedShape['range'],
): CreatedShape {
  return {
    district: toUuid(run.districtId),
    undo: toUuid(run.id),
    target: toUuid(run.undoOf),
    root: toUuid(chain.root.id),
    earlierUndos: `${quoteLiteral(`{${chain.undos.map(({ id }) => id).join(',')}}`)}::uuid[]`,
    becomes: chain.undos.length % 2 === 1 ? 'inactive' : 'active',
    isOfDecisions: chain.root.isResolution,
    range,
  }
}

export function toUuid(id: string): string {
  return `${quoteLiteral(id)}::uuid`
}
