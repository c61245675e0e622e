import { sql, type Transaction } from 'kysely'
import { columnOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import type { Database } from '../database.ts'
import { beginPlan, settleClaims, type PlanRequest, type StoredPlan } from '../plan/build-plan.ts'
import { countJoined } from '../engine/count-outgrown.ts'
import { countPlan, insertPlanCounts, sumByAction } from '../plan/plan-counts.ts'
import { planReason } from '../staging/plan-reason.ts'
import { buildMatchSql, type PlanShape } from '../plan/plan-sql.ts'
import { getRun, updateRunBase, type RunRow } from '../import/runs.ts'
import { buildCountBatchesSql } from '../import/count-batches.ts'
import { quoteLiteral } from '../fields/quote-literal.ts'
import { quoteName, schoolOf } from '../fields/field-sql.ts'
import { currentValues } from '../records/current-values.ts'

/**
 * Plans what people decided about duplicate cases, with the records as they are now: repeatable, and made anew when
 * they moved. No limit holds it: a person has looked at each case.
 */
export async function planResolution(trx: Transaction<Database>, request: PlanRequest): Promise<StoredPlan> {
  const { dataType, parts, settings } = request
  const run = await getRun(trx, request.runId)
  const planNo = await beginPlan(trx, run)
  const { rows } = await sql<{ rosterVersion: number; rosterBatches: number; heldSnapshot: string }>`
    select coalesce(version, 0) as roster_version, ${sql.raw(buildCountBatchesSql('last_run_id'))} as roster_batches,
      pg_current_snapshot()::text as held_snapshot
    from (select) as one
    left join dataset_versions on district_id = ${run.districtId} and data_type = ${dataType.name}`.execute(trx)
  const [base] = rows
  if (base === undefined) throw new Error('a select without a table gives one row')
  await updateRunBase(trx, run.id, base)
  const shape: PlanShape = {
    district: `${quoteLiteral(run.districtId)}::uuid`,
    run: `${quoteLiteral(run.id)}::uuid`,
    planNo: `${planNo}::smallint`,
    connection: `${quoteLiteral(run.connectionId)}::uuid`,
    fingerprint: `${quoteLiteral(run.mappingFingerprint ?? '0')}::bigint`,
    heldSnapshot: null,
    schools: null,
    outside: null,
    overwriteWithBlank: settings.overwriteWithBlank,
    isComplete: false,
    isDelta: false,
    wholeAsOf: null,
  }
  await trx.deleteFrom('givenMatches').where('runId', '=', run.id).execute()
  await sql`
    insert into given_matches (district_id, run_id, seq, record_id)
    select district_id, run_id, seq, record_id from resolution_rows
    where run_id = ${run.id} and role = 'incoming'`.execute(trx)
  // Its rows are written by openResolution, and no count of before knows this run.
  await countJoined(trx, [dataType.stagedTable])
  await sql.raw(buildMatchSql(dataType, parts, shape)).execute(trx)
  await insertYielded(trx, run, dataType, planNo)
  await insertReturned(trx, run, dataType, planNo)
  await insertRestored(trx, run, dataType, planNo)
  await countJoined(trx, ['plan_rows'])
  await settleClaims(trx, dataType, shape, await countPlan(trx, dataType, shape))
  await skipTakenKeys(trx, run, dataType, planNo)
  const counts = await countPlan(trx, dataType, shape)
  await insertPlanCounts(trx, run, counts)
  const actions = sumByAction(counts)
  await trx
    .updateTable('importRuns')
    .set({ planNo, batchRows: null, plannedCounts: JSON.stringify(actions) })
    .where('id', '=', run.id)
    .execute()
  return { actions, absentCount: 0, metLimits: [], keptBack: 'none', found: { likely: 0, possible: 0 } }
}

/** A record of which incoming ones take the ids gives them up; one that was merged away becomes inactive. */
async function insertYielded(
  trx: Transaction<Database>,
  run: RunRow,
  dataType: DataType,
  planNo: number,
): Promise<void> {
  const staged = quoteName(dataType.stagedTable)
  const changes = dataType.matchKeys.map((field) => {
    const column = quoteName(columnOf(field))
    // Not "exists": the ids of what comes in have no index, and would be looked through for each record that yields.
    return `${quoteLiteral(field)}, case when r.${column} in (
        select i.${column} from resolution_rows ir join ${staged} i on i.run_id = ir.run_id and i.seq = ir.seq
        where ir.run_id = ${quoteLiteral(run.id)}::uuid and ir.role = 'incoming' and i.${column} is not null)
      then jsonb_build_array(r.${column}, s.${column}) end`
  })
  await insertRoleRows(trx, run, dataType, planNo, {
    role: 'yields',
    reason: planReason.yielded,
    changes: `jsonb_strip_nulls(jsonb_build_object('status',
      case when c.incoming_record_id = r.id and r.status = 'active' then '["active", "inactive"]'::jsonb end,
      ${changes.join(', ')}))`,
    joins: '',
  })
}

/** A record that was merged away comes back with its ids. */
async function insertReturned(
  trx: Transaction<Database>,
  run: RunRow,
  dataType: DataType,
  planNo: number,
): Promise<void> {
  const changes = dataType.matchKeys.map((field) => {
    const column = quoteName(columnOf(field))
    return `${quoteLiteral(field)}, case when s.${column} is distinct from r.${column}
      then jsonb_build_array(r.${column}, s.${column}) end`
  })
  await insertRoleRows(trx, run, dataType, planNo, {
    role: 'returned',
    reason: planReason.returned,
    changes: `jsonb_strip_nulls(jsonb_build_object('status',
      case when r.status = 'inactive' then '["inactive", "active"]'::jsonb end, ${changes.join(', ')}))`,
    joins: '',
  })
}

/** Takes back what the match changed, field by field; what somebody changed since stays. */
async function insertRestored(
  trx: Transaction<Database>,
  run: RunRow,
  dataType: DataType,
  planNo: number,
): Promise<void> {
  await insertRoleRows(trx, run, dataType, planNo, {
    role: 'restored',
    reason: planReason.restored,
    changes: `(select coalesce(jsonb_object_agg(f.key, jsonb_build_array(f.value -> 1, f.value -> 0)), '{}')
      from jsonb_each(c.changes) f where coalesce(held.held -> f.key, 'null') = coalesce(f.value -> 1, 'null'))`,
    joins: `cross join lateral (select ${currentValues(dataType)} as held) held`,
  })
}

async function insertRoleRows(
  trx: Transaction<Database>,
  run: RunRow,
  dataType: DataType,
  planNo: number,
  shape: { readonly role: string; readonly reason: string; readonly changes: string; readonly joins: string },
): Promise<void> {
  const school = schoolOf(dataType, 'r')
  await sql`
    insert into plan_rows (district_id, run_id, plan_no, seq, action, record_id, school_id, revision, reason, changes)
    select district_id, run_id, ${planNo}, seq, 'update', id, school_id, revision, ${shape.reason}, changes
    from (
      select rr.district_id, rr.run_id, rr.seq, r.id, ${sql.raw(school)} as school_id, r.revision,
        ${sql.raw(shape.changes)} as changes
      from resolution_rows rr
      join duplicate_cases c on c.id = rr.case_id
      join ${sql.table(dataType.table)} r on r.id = rr.record_id
      join ${sql.table(dataType.stagedTable)} s on s.run_id = rr.run_id and s.seq = rr.seq
      ${sql.raw(shape.joins)}
      where rr.run_id = ${run.id} and rr.role = ${shape.role}
    ) planned where changes <> '{}'`.execute(trx)
}

/** An id that somebody outside this resolution has by now: the case stays open, with all that belongs to it. */
async function skipTakenKeys(
  trx: Transaction<Database>,
  run: RunRow,
  dataType: DataType,
  planNo: number,
): Promise<void> {
  const key = sql.ref(columnOf(dataType.matchKeys[0]))
  const [firstKey] = dataType.matchKeys
  await sql`
    with taken as (
      select distinct rr.case_id
      from resolution_rows rr
      join ${sql.table(dataType.stagedTable)} s on s.run_id = rr.run_id and s.seq = rr.seq
      left join plan_rows own on own.run_id = rr.run_id and own.plan_no = ${planNo} and own.seq = rr.seq
      join ${sql.table(dataType.table)} held on held.district_id = rr.district_id and held.${key} = s.${key}
      where rr.run_id = ${run.id} and held.id is distinct from coalesce(own.record_id, rr.record_id)
        -- As "in", which is one hash: no index leads from a record to its row of the plan.
        and held.id not in (
          select p.record_id from plan_rows p where p.run_id = ${run.id} and p.plan_no = ${planNo}
            and p.record_id is not null and p.changes ? ${firstKey})
      union
      -- What lost its claim on a record takes nobody's ids either.
      select rr.case_id from resolution_rows rr join plan_rows p
        on p.run_id = rr.run_id and p.plan_no = ${planNo} and p.seq = rr.seq and p.action = 'skip'
      where rr.run_id = ${run.id}
    )
    insert into plan_rows (district_id, run_id, plan_no, seq, action, reason)
    select rr.district_id, rr.run_id, ${planNo}, rr.seq, 'skip', ${planReason.sameKey}
    from resolution_rows rr join taken on taken.case_id = rr.case_id where rr.run_id = ${run.id}
    on conflict (run_id, plan_no, seq) do update
      set action = 'skip', reason = excluded.reason, record_id = null, revision = null, changes = null`.execute(trx)
}
