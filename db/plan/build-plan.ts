import { sql, type Transaction } from 'kysely'
import type { DataType } from '../../domain/data-types/define-data-type.ts'
import type { ImportSettings } from '../../domain/plan/import-settings.ts'
import type { ActionCounts } from '../../domain/plan/plan-action.ts'
import type { KeptBack, MetLimit } from '../../domain/plan/met-limit.ts'
import { checkSafetyLimits, deriveKeptBack } from '../../domain/plan/safety-limits.ts'
import type { Database } from '../database.ts'
import { getRun, type RunRow } from '../import/runs.ts'
import { quoteLiteral } from '../fields/quote-literal.ts'
import type { StagedParts } from '../staging/staged-parts.ts'
import { findCases, giveAliases, type FoundCases } from '../matching/find-cases.ts'
import { findIdentityConflicts } from '../matching/find-identity-conflicts.ts'
import { countOutgrown } from '../engine/count-outgrown.ts'
import { buildClaimsSql } from './claims-sql.ts'
import { findEarlierInputs } from './earlier-inputs.ts'
import { lockRunRows } from '../import/lock-run-rows.ts'
import { countPlan, insertPlanCounts, sumByAction, sumCounts, type PlanCount } from './plan-counts.ts'
import { insertPlanFindings } from './plan-findings.ts'
import { planReason } from '../staging/plan-reason.ts'
import { buildAbsentSql, buildAdditionsOnlySql, buildMatchSql, type PlanShape } from './plan-sql.ts'
import { listOutsideSchools } from '../records/source-schools.ts'
import { insertSchoolSkips } from './schools/school-skips.ts'
import { quoteWholeAsOf } from '../records/source-times.ts'
import { countPlanTotals } from './plan-totals.ts'

export type PlanRequest = {
  readonly runId: string
  readonly dataType: DataType
  /** By the mapping that the rows were staged with. */
  readonly parts: StagedParts
  readonly settings: ImportSettings
  /** Of a field import: the field by which a row finds its record. */
  readonly matchBy?: string | undefined
  /** Nothing that is held is changed or deactivated. */
  readonly isAdditionsOnly?: boolean
}

export type StoredPlan = {
  readonly actions: ActionCounts
  /** How many of the deactivations are of records that the input does not have at all. */
  readonly absentCount: number
  readonly metLimits: readonly MetLimit[]
  readonly keptBack: KeptBack
  /** Duplicate cases that the plan came upon; the likely ones are among the skips. */
  readonly found: FoundCases
}

/**
 * Compares what the run staged with the records and stores the plan: rows, counts by action and school, findings of
 * its own, and the safety limits it meets. Set-based, in the caller's transaction (give it 256 MB of work_mem), and
 * repeatable: an earlier plan of the run is replaced, unless something of it was applied; then that part stays for the
 * log and the new plan gets the next number.
 *
 * The run must have its mapping, its base (updateRunBase) and its staging facts.
 */
export async function buildPlan(trx: Transaction<Database>, request: PlanRequest): Promise<StoredPlan> {
  const { dataType, parts, settings, isAdditionsOnly = false } = request
  const run = await getRun(trx, request.runId)
  if (run.staging === null || run.mappingFingerprint === null) throw new Error(`run ${run.id} has not been staged`)
  const planNo = await beginPlan(trx, run)
  const isComplete = run.staging.isComplete && !run.staging.isDelta
  const { wholeAsOf, doubts } = await findEarlierInputs(trx, run)
  // Of an input that is not whole, a digest that was not met says nothing.
  const knowsUnseen = isComplete && run.staging.comparedDigests
  const outside = await listOutsideSchools(trx, run)
  const shape: PlanShape = {
    district: `${quoteLiteral(run.districtId)}::uuid`,
    run: `${quoteLiteral(run.id)}::uuid`,
    planNo: `${planNo}::smallint`,
    connection: `${quoteLiteral(run.connectionId)}::uuid`,
    fingerprint: `${quoteLiteral(run.mappingFingerprint)}::bigint`,
    heldSnapshot: knowsUnseen && run.heldSnapshot !== null ? `${quoteLiteral(run.heldSnapshot)}::pg_snapshot` : null,
    schools: settings.schools === 'all' ? null : `${quoteLiteral(`{${settings.schools.join(',')}}`)}::uuid[]`,
    outside: outside.length === 0 ? null : `${quoteLiteral(`{${outside.join(',')}}`)}::uuid[]`,
    overwriteWithBlank: settings.overwriteWithBlank,
    isComplete,
    isDelta: run.staging.isDelta,
    wholeAsOf: quoteWholeAsOf(wholeAsOf),
  }
  await countOutgrown(trx, [dataType.table])
  await giveAliases(trx, { run, dataType })
  await sql.raw(buildMatchSql(dataType, parts, shape)).execute(trx)
  // From here on both sides of every join can be large and neither has an index for it: were the planner's guess of
  // one side low, a nested loop would take hours.
  await sql`select set_config('enable_nestloop', 'off', true)`.execute(trx)
  if (isComplete && settings.deactivateMissing && !isAdditionsOnly) {
    await sql.raw(buildAbsentSql(dataType, shape)).execute(trx)
  }
  // Who may be somebody we hold is searched with nested loops, through the rows of this plan too.
  await countOutgrown(trx, ['plan_rows'])
  let counts = await countPlan(trx, dataType, shape)
  if (await settleClaims(trx, dataType, shape, counts)) counts = await countPlan(trx, dataType, shape)
  if (isAdditionsOnly) {
    await sql.raw(buildAdditionsOnlySql(shape)).execute(trx)
    counts = await countPlan(trx, dataType, shape)
  }
  const conflicts = await findIdentityConflicts(trx, { run, planNo, dataType })
  counts = await countPlan(trx, dataType, shape)
  await insertSchoolSkips(trx, dataType, { run, planNo, counts })
  const skippedErrors = await insertPlanFindings(trx, dataType, { run, planNo, counts, shape, isLate: doubts.isLate })
  // The limits judge the plan as if nobody were asked: a new id scheme makes thousands of cases, and must not pass as none.
  const totals = await countPlanTotals(trx, dataType, shape, { counts, conflicts })
  const found = await findCases(trx, { run, planNo, dataType, budgets: settings.questionBudgets })
  if (found.likely > 0) counts = await countPlan(trx, dataType, shape)
  await insertPlanCounts(trx, run, counts)
  await sql`select set_config('enable_nestloop', 'on', true)`.execute(trx)
  const metLimits = checkSafetyLimits(
    { ...totals, rowsRead: run.staging.rowsRead, rejectedRows: run.staging.rejectedCount + skippedErrors, doubts },
    settings.limits,
  )
  await trx
    .updateTable('importRuns')
    .set({
      planNo,
      batchRows: null,
      isAdditionsOnly,
      plannedCounts: JSON.stringify(sumByAction(counts)),
      // Undefined is left out.
      staging: JSON.stringify({ ...run.staging, wholeAsOf: wholeAsOf ?? undefined }),
    })
    .where('id', '=', run.id)
    .execute()
  return {
    actions: sumByAction(counts),
    absentCount: sumCounts(counts, ({ reason }) => reason === planReason.absent),
    metLimits,
    keptBack: deriveKeptBack(metLimits),
    found,
  }
}

/** Clears what an earlier attempt left; returns the number under which to plan. The run's rows stay locked. */
export async function beginPlan(trx: Transaction<Database>, run: RunRow): Promise<number> {
  await lockRunRows(trx, run.id, 'write')
  const applied = await trx
    .selectFrom('appliedBatches')
    .select('planNo')
    .where('runId', '=', run.id)
    .orderBy('planNo', 'desc')
    .limit(1)
    .executeTakeFirst()
  const planNo = applied === undefined ? 0 : applied.planNo + 1
  await trx.deleteFrom('planRows').where('runId', '=', run.id).where('planNo', '>=', planNo).execute()
  await trx.deleteFrom('planCounts').where('runId', '=', run.id).execute()
  await trx.deleteFrom('runSchoolSkips').where('runId', '=', run.id).execute()
  return planNo
}

/** Rows of the plan that claim the same record or the same id become skips; true when there were any. */
export async function settleClaims(
  trx: Transaction<Database>,
  dataType: DataType,
  shape: PlanShape,
  counts: readonly PlanCount[],
): Promise<boolean> {
  const matched = sumCounts(counts, ({ action }) => action !== 'create' && action !== 'skip')
  const { sameRecord, sameFirstKey } = buildClaimsSql(dataType, shape)
  let settled = 0
  for (const statement of matched > 0 ? [sameRecord, sameFirstKey] : [sameFirstKey]) {
    const { rows } = await sql.raw<{ count: number }>(statement).execute(trx)
    settled += rows[0]?.count ?? 0
  }
  return settled > 0
}
