import { sql, type Transaction } from 'kysely'
import type { DataType } from '../../domain/data-types/define-data-type.ts'
import { noActions, type ActionCounts, type PlanAction } from '../../domain/plan/plan-action.ts'
import type { Database } from '../database.ts'
import type { RunRow } from '../import/runs.ts'
import type { PlanShape } from './plan-sql.ts'
import { buildCreatesSql } from '../staging/planned-creates.ts'

export type PlanCount = {
  readonly action: PlanAction
  readonly schoolId: string | null
  readonly reason: string | null
  readonly count: number
}

export async function countPlan(
  trx: Transaction<Database>,
  dataType: DataType,
  { run, planNo }: PlanShape,
): Promise<PlanCount[]> {
  const { rows } = await sql
    .raw<PlanCount>(
      `
    select action, school_id, reason, count(*)::int as count
    from plan_rows where run_id = ${run} and plan_no = ${planNo}
    group by action, school_id, reason
    union all
    select 'create', school_id, null, count(*)::int
    from (${buildCreatesSql(dataType, { run, planNo })}) as created
    group by school_id`,
    )
    .execute(trx)
  return rows
}

/** Keeps the counts by action and school for those who browse the plan. */
export async function insertPlanCounts(
  trx: Transaction<Database>,
  run: RunRow,
  counts: readonly PlanCount[],
): Promise<void> {
  await sql`
    insert into plan_counts (district_id, run_id, action, school_id, count)
    select ${run.districtId}::uuid, ${run.id}::uuid, action, school_id, sum(count)
    from unnest(${counts.map(({ action }) => action)}::text[], ${counts.map(({ schoolId }) => schoolId)}::uuid[],
      ${counts.map(({ count }) => count)}::int[]) as counted (action, school_id, count)
    group by action, school_id`.execute(trx)
}

export function sumCounts(counts: readonly PlanCount[], isCounted: (count: PlanCount) => boolean): number {
  return counts.filter(isCounted).reduce((total, { count }) => total + count, 0)
}

export function sumByAction(counts: readonly PlanCount[]): ActionCounts {
  const actions: Record<PlanAction, number> = { ...noActions }
  for (const { action, count } of counts) actions[action] += count
  return actions
}
