import { sql, type Transaction } from 'kysely'
import pg from 'pg'
import type { DataType } from '../../../domain/data-types/define-data-type.ts'
import type { AppliedPart, PlanAction } from '../../../domain/plan/plan-action.ts'
import type { Database } from '../../database.ts'
import { getRun, type RunRow } from '../../import/runs.ts'
import { quoteLiteral } from '../../fields/quote-literal.ts'
import { lockRunRows } from '../../import/lock-run-rows.ts'
import {
  buildCreateSql,
  buildDeactivateSql,
  buildFreeKeysSql,
  buildJournalSql,
  buildRefreshSql,
  buildUpdateSql,
  type BatchShape,
} from './apply-sql.ts'
import { quoteWholeAsOf } from '../../records/source-times.ts'

export type Batch = {
  readonly part: AppliedPart
  /** Those of the part that the plan has at all. */
  readonly actions: readonly PlanAction[]
  readonly batchNo: number
  readonly firstSeq: number
  readonly lastSeq: number
}

/** The records are not those the plan was made for; thrown so that the batch's transaction ends without a trace. */
export class StalePlan extends Error {
  override readonly name = 'StalePlan'
}

/**
 * 1. waits while somebody stages or plans the run anew, and refuses when that has happened
 * 2. refuses when another run changed the data type since this one claimed it, and keeps others from claiming it
 * 3. writes down the batch; passes over one that is there, waiting for whoever is at it
 * 4. writes the journal, then the records; a record of another revision than the planned one refuses the whole batch
 */
export async function applyBatch(
  trx: Transaction<Database>,
  { run, dataType, batch }: { readonly run: RunRow; readonly dataType: DataType; readonly batch: Batch },
): Promise<void> {
  if (run.mappingFingerprint === null) throw new Error(`run ${run.id} has no mapping`)
  await lockRunRows(trx, run.id, 'read')
  const current = await getRun(trx, run.id)
  // An apply that was given up for dead, and lives, must not write by an old plan.
  if (current.planNo !== run.planNo || current.heldSnapshot !== run.heldSnapshot) throw new StalePlan()
  if ((await findLastRun(trx, run)) !== run.id) throw new StalePlan()
  if (!(await beginBatch(trx, run, batch))) return
  const counts = await writeBatch(trx, {
    exchangesKeys: run.isResolution,
    dataType,
    batch,
    shape: {
      district: `${quoteLiteral(run.districtId)}::uuid`,
      run: `${quoteLiteral(run.id)}::uuid`,
      planNo: `${run.planNo}::smallint`,
      connection: `${quoteLiteral(run.connectionId)}::uuid`,
      fingerprint: `${quoteLiteral(run.mappingFingerprint)}::bigint`,
      firstSeq: batch.firstSeq,
      lastSeq: batch.lastSeq,
      bringsFields: run.isFieldImport,
      hasTimes: run.isResolution || run.staging?.isDelta === true,
      // As the plan took it: what was left out as old then is left out now.
      wholeAsOf: quoteWholeAsOf(run.staging?.wholeAsOf),
    },
  })
  const rows = Object.values(counts).reduce((total, count) => total + count, 0)
  await trx
    .updateTable('appliedBatches')
    .set({ rows, counts: JSON.stringify(counts) })
    .where('runId', '=', run.id)
    .where('planNo', '=', run.planNo)
    .where('part', '=', batch.part)
    .where('batchNo', '=', batch.batchNo)
    .execute()
}

async function findLastRun(trx: Transaction<Database>, run: RunRow): Promise<string | null | undefined> {
  const dataset = await trx
    .selectFrom('datasetVersions')
    .select('lastRunId')
    .where('districtId', '=', run.districtId)
    .where('dataType', '=', run.dataType)
    .forShare()
    .executeTakeFirst()
  return dataset?.lastRunId
}

async function beginBatch(trx: Transaction<Database>, run: RunRow, batch: Batch): Promise<boolean> {
  const { part, batchNo, firstSeq, lastSeq } = batch
  const begun = await trx
    .insertInto('appliedBatches')
    .values({ districtId: run.districtId, runId: run.id, planNo: run.planNo, part, batchNo, firstSeq, lastSeq })
    .onConflict((conflict) => conflict.doNothing())
    .returning('batchNo')
    .executeTakeFirst()
  return begun !== undefined
}

type Counts = Partial<Record<PlanAction, number>>

async function writeBatch(
  trx: Transaction<Database>,
  {
    dataType,
    batch,
    shape,
    exchangesKeys,
  }: {
    readonly dataType: DataType
    readonly batch: Batch
    readonly shape: BatchShape
    readonly exchangesKeys: boolean
  },
): Promise<Counts> {
  const counts: Counts = {}
  const has = (action: PlanAction) => batch.actions.includes(action)
  const run = async (statement: string) => Number((await sql.raw(statement).execute(trx)).numAffectedRows ?? 0n)
  const setApplying = (what: 'records' | 'digests') =>
    sql`select set_config('rollbook.applying', ${what}, true)`.execute(trx)

  if (exchangesKeys && (has('update') || has('reactivate'))) {
    // Not a change of its own: it is over within this transaction, and the revision stays.
    await setApplying('digests')
    await run(buildFreeKeysSql(dataType, shape))
  }
  await setApplying('records')
  if (has('create')) counts.create = await createRecords(trx, dataType, shape)
  const journaled = batch.actions.filter((action) => action !== 'create' && action !== 'unchanged')
  if (journaled.length > 0) {
    await run(buildJournalSql(dataType, shape, journaled))
    const { rows } = await sql<{ action: PlanAction; count: number }>`
      select action, count(*)::int as count from journal
      where run_id = ${sql.raw(shape.run)} and plan_no = ${sql.raw(shape.planNo)}
        and seq between ${batch.firstSeq} and ${batch.lastSeq} and action = any (${journaled}::text[])
      group by action`.execute(trx)
    for (const { action, count } of rows) counts[action] = count
    if (has('update') || has('reactivate')) {
      const expected = (counts.update ?? 0) + (counts.reactivate ?? 0)
      if (expected > 0 && (await run(buildUpdateSql(dataType, shape))) !== expected) throw new StalePlan()
    }
    const expected = counts.deactivate ?? 0
    if (expected > 0 && (await run(buildDeactivateSql(dataType, shape))) !== expected) throw new StalePlan()
  }
  if (has('unchanged')) {
    await setApplying('digests')
    counts.unchanged = await run(buildRefreshSql(dataType, shape))
  }
  return counts
}

async function createRecords(trx: Transaction<Database>, dataType: DataType, shape: BatchShape): Promise<number> {
  try {
    return Number((await sql.raw(buildCreateSql(dataType, shape)).execute(trx)).numAffectedRows ?? 0n)
  } catch (error) {
    // Somebody has made a record with that id since.
    if (error instanceof pg.DatabaseError && error.code === uniqueViolation) throw new StalePlan()
    throw error
  }
}

const uniqueViolation = '23505'
