import { sql, type Transaction } from 'kysely'
import pg from 'pg'
import type { DataType } from '../../domain/data-types/define-data-type.ts'
import type { PlanAction } from '../../domain/plan/plan-action.ts'
import type { Database } from '../database.ts'
import { lockRun, type RunRow } from '../queries/runs.ts'
import { quoteLiteral } from '../staging/quote-literal.ts'
import type { AppliedPart } from '../tables/plans.ts'
import { countApplied } from './count-applied.ts'
import {
  buildCreateCountSql,
  buildCreateSql,
  buildDeactivateSql,
  buildJournalSql,
  buildRefreshSql,
  buildUpdateSql,
  type BatchShape,
} from './apply-sql.ts'

export type BatchRequest = {
  readonly part: AppliedPart
  /** Those of the part that the plan has at all. */
  readonly actions: readonly PlanAction[]
  /** Rows of the plan that the batch covers, whether or not they belong to the part. */
  readonly batchRows: number
  /** The last row of the plan. */
  readonly endSeq: number
}

type Batch = BatchRequest & { readonly batchNo: number; readonly firstSeq: number; readonly lastSeq: number }

/** The records are not those the plan was made for; thrown so that the batch's transaction ends without a trace. */
export class StalePlan extends Error {
  override readonly name = 'StalePlan'
}

/**
 * 1. waits for its turn: one apply at a time per (district, data type)
 * 2. begins after the last batch that is there, whoever applied it and in whatever size
 * 3. refuses when the run was staged or planned anew, or somebody else changed the data type since; else makes the run
 *    the last to change it
 * 4. writes the journal, then the records; a record of another revision than the planned one refuses the whole batch
 * 5. writes down the batch and the run's counts
 *
 * Returns the last row of the plan that is applied by now.
 */
export async function applyBatch(
  trx: Transaction<Database>,
  { run, dataType, request }: { readonly run: RunRow; readonly dataType: DataType; readonly request: BatchRequest },
): Promise<number> {
  if (run.mappingFingerprint === null) throw new Error(`run ${run.id} has no mapping`)
  await sql`select pg_advisory_xact_lock(hashtextextended(${`apply/${run.districtId}/${run.dataType}`}, 0))`.execute(
    trx,
  )
  const current = await lockRun(trx, run.id)
  // An apply that was given up for dead, and lives, must not go on while its successor stages and plans.
  if (current?.planNo !== run.planNo || current.heldSnapshot !== run.heldSnapshot) throw new StalePlan()
  const { lastSeq, batchNo } = await findLastBatch(trx, run, request.part)
  if (lastSeq >= request.endSeq) return lastSeq
  const batch: Batch = {
    ...request,
    batchNo: batchNo + 1,
    firstSeq: lastSeq + 1,
    lastSeq: Math.min(lastSeq + request.batchRows, request.endSeq),
  }
  await claimDataset(trx, run)
  const shape: BatchShape = {
    district: `${quoteLiteral(run.districtId)}::uuid`,
    run: `${quoteLiteral(run.id)}::uuid`,
    planNo: `${run.planNo}::smallint`,
    connection: `${quoteLiteral(run.connectionId)}::uuid`,
    fingerprint: `${quoteLiteral(run.mappingFingerprint)}::bigint`,
    firstSeq: batch.firstSeq,
    lastSeq: batch.lastSeq,
  }
  const counts = await writeBatch(trx, { dataType, batch, shape })
  await recordBatch(trx, { run, batch, counts })
  return batch.lastSeq
}

async function findLastBatch(trx: Transaction<Database>, run: RunRow, part: AppliedPart) {
  const last = await trx
    .selectFrom('appliedBatches')
    .select(['lastSeq', 'batchNo'])
    .where('runId', '=', run.id)
    .where('planNo', '=', run.planNo)
    .where('part', '=', part)
    .orderBy('batchNo', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last ?? { lastSeq: 0, batchNo: -1 }
}

async function claimDataset(trx: Transaction<Database>, run: RunRow): Promise<void> {
  const { rows } = await sql<{ version: number; lastRunId: string | null }>`
    insert into dataset_versions (district_id, data_type) values (${run.districtId}, ${run.dataType})
    on conflict (district_id, data_type) do update set version = dataset_versions.version
    returning version, last_run_id`.execute(trx)
  const [current] = rows
  if (current?.lastRunId === run.id) return
  if (current === undefined || current.version !== (run.rosterVersion ?? 0)) throw new StalePlan()
  // What was imported last no longer describes the records, until this run is through.
  await trx
    .updateTable('datasetVersions')
    .set({ version: current.version + 1, lastRunId: run.id, lastAppliedSha256: null, lastAppliedFingerprint: null })
    .where('districtId', '=', run.districtId)
    .where('dataType', '=', run.dataType)
    .execute()
}

type Counts = Partial<Record<PlanAction, number>>

async function writeBatch(
  trx: Transaction<Database>,
  { dataType, batch, shape }: { readonly dataType: DataType; readonly batch: Batch; readonly shape: BatchShape },
): Promise<Counts> {
  const counts: Counts = {}
  const has = (action: PlanAction) => batch.actions.includes(action)
  const run = async (statement: string) => Number((await sql.raw(statement).execute(trx)).numAffectedRows ?? 0n)
  const setApplying = (what: 'records' | 'digests') =>
    sql`select set_config('rollbook.applying', ${what}, true)`.execute(trx)

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
  const { rows } = await sql.raw<{ count: number }>(buildCreateCountSql(shape)).execute(trx)
  const planned = rows[0]?.count ?? 0
  if (planned === 0) return 0
  try {
    const created = Number((await sql.raw(buildCreateSql(dataType, shape)).execute(trx)).numAffectedRows ?? 0n)
    if (created !== planned) throw new StalePlan()
    return created
  } catch (error) {
    // Somebody has made a record with that id since.
    if (error instanceof pg.DatabaseError && error.code === uniqueViolation) throw new StalePlan()
    throw error
  }
}

const uniqueViolation = '23505'

async function recordBatch(
  trx: Transaction<Database>,
  { run, batch, counts }: { readonly run: RunRow; readonly batch: Batch; readonly counts: Counts },
): Promise<void> {
  const rows = Object.values(counts).reduce((total, count) => total + count, 0)
  await trx
    .insertInto('appliedBatches')
    .values({
      districtId: run.districtId,
      runId: run.id,
      planNo: run.planNo,
      part: batch.part,
      batchNo: batch.batchNo,
      firstSeq: batch.firstSeq,
      lastSeq: batch.lastSeq,
      rows,
      counts: JSON.stringify(counts),
    })
    .execute()
  // Counts are those of the batches, so that the run shows what is applied, whatever is killed when.
  const applied = await countApplied(trx, run.id)
  const shown = {
    created: applied.create,
    updated: applied.update,
    reactivated: applied.reactivate,
    deactivated: applied.deactivate,
  }
  await sql`update import_runs set counts = counts || ${JSON.stringify(shown)}::jsonb where id = ${run.id}`.execute(trx)
}
