import { sql, type Transaction } from 'kysely'
import type { DataType } from '../../../domain/data-types/define-data-type.ts'
import { checkSafetyLimits, deriveKeptBack, type PlanTotals } from '../../../domain/plan/safety-limits.ts'
import type { Database } from '../../database.ts'
import { countOutgrown } from '../../engine/count-outgrown.ts'
import { quoteName } from '../../fields/field-sql.ts'
import { quoteLiteral } from '../../fields/quote-literal.ts'
import { getRun } from '../../import/runs.ts'
import { planReason } from '../../staging/plan-reason.ts'
import type { StagedParts } from '../../staging/staged-parts.ts'
import { beginPlan, type PlanRequest, type StoredPlan } from '../build-plan.ts'
import { buildFieldMatchSql, buildLostZerosSql, buildMovesSql, buildOverwritesSql } from './field-plan-sql.ts'
import { countPlan, insertPlanCounts, sumByAction } from '../plan-counts.ts'
import { insertFieldFindings } from '../plan-findings.ts'
import { buildAdditionsOnlySql, type PlanShape } from '../plan-sql.ts'

/**
 * Plans a field import, as buildPlan does an import of records: set-based, in the caller's transaction, and repeatable. Only
 * fields of records that are held change.
 */
export async function planFields(trx: Transaction<Database>, request: PlanRequest): Promise<StoredPlan> {
  const { dataType, parts, settings, matchBy, isAdditionsOnly = false } = request
  const run = await getRun(trx, request.runId)
  if (run.staging === null || matchBy === undefined) throw new Error(`run ${run.id} has not been staged`)
  const planNo = await beginPlan(trx, run)
  const shape: PlanShape = {
    district: `${quoteLiteral(run.districtId)}::uuid`,
    run: `${quoteLiteral(run.id)}::uuid`,
    planNo: `${planNo}::smallint`,
    connection: `${quoteLiteral(run.connectionId)}::uuid`,
    fingerprint: `${quoteLiteral(run.mappingFingerprint ?? '0')}::bigint`,
    heldSnapshot: null,
    schools: settings.schools === 'all' ? null : `${quoteLiteral(`{${settings.schools.join(',')}}`)}::uuid[]`,
    // A table finds records by an id and not by schools, so that no school of its own is matched to ours.
    outside: null,
    overwriteWithBlank: settings.overwriteWithBlank,
    isComplete: false,
    isDelta: false,
    wholeAsOf: null,
  }
  await countOutgrown(trx, [dataType.table])
  // Both sides can be large, and each is read once.
  await sql`select set_config('enable_nestloop', 'off', true)`.execute(trx)
  await sql.raw(buildFieldMatchSql(dataType, parts, matchBy, shape)).execute(trx)
  await countOutgrown(trx, ['plan_rows'])
  let counts = await countPlan(trx, dataType, shape)
  const hasUnknown = counts.some(({ reason }) => reason === planReason.unknownId)
  if (hasUnknown) await sql.raw(buildLostZerosSql(dataType, matchBy, shape)).execute(trx)
  if (isAdditionsOnly) await sql.raw(buildAdditionsOnlySql(shape)).execute(trx)
  if (hasUnknown || isAdditionsOnly) counts = await countPlan(trx, dataType, shape)
  const actions = sumByAction(counts)
  if (actions.create + actions.deactivate + actions.reactivate > 0) {
    throw new Error(`run ${run.id} brings fields, and its plan would do more than change them`)
  }
  const setAside = await insertFieldFindings(trx, dataType, { run, planNo, counts })
  await insertPlanCounts(trx, run, counts)
  await sql`select set_config('enable_nestloop', 'on', true)`.execute(trx)
  const metLimits = checkSafetyLimits(
    {
      ...(await countFieldTotals(trx, dataType, parts, shape, actions.update)),
      rowsRead: run.staging.rowsRead,
      rejectedRows: run.staging.rejectedCount + setAside,
      doubts: { isLate: false, isOtherFormat: false, isFirstWholeAfterDeltas: false },
    },
    settings.limits,
  )
  await trx
    .updateTable('importRuns')
    .set({ planNo, batchRows: null, isAdditionsOnly, plannedCounts: JSON.stringify(actions) })
    .where('id', '=', run.id)
    .execute()
  return {
    actions,
    absentCount: 0,
    metLimits,
    keptBack: deriveKeptBack(metLimits),
    found: { likely: 0, possible: 0 },
  }
}

/** Of a plan that changes fields, and none of the ids: only values that were there, and schools, can be in danger. */
async function countFieldTotals(
  trx: Transaction<Database>,
  dataType: DataType,
  { primary }: StagedParts,
  shape: PlanShape,
  updates: number,
): Promise<Omit<PlanTotals, 'rowsRead' | 'rejectedRows' | 'doubts'>> {
  const nothing = { deactivations: 0, changedIds: 0, identityConflicts: 0, schools: [] }
  if (updates === 0) return { ...nothing, activeCount: 0, updates, changes: 0, moves: 0 }
  const count = async (statement: string) => {
    const { rows } = await sql.raw<{ count: number }>(statement).execute(trx)
    return rows[0]?.count ?? 0
  }
  const mayMove = dataType.schoolField !== null && primary.fields.includes(dataType.schoolField)
  return {
    ...nothing,
    activeCount: await count(
      `select count(*)::int as count from ${quoteName(dataType.table)} where district_id = ${shape.district} and status = 'active'`,
    ),
    updates: await count(buildOverwritesSql(shape)),
    changes: updates,
    moves: mayMove ? await count(buildMovesSql(dataType, shape)) : 0,
  }
}
