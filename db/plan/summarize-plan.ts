import { sql, type Transaction } from 'kysely'
import { planActions, type PlanAction } from '../../domain/plan/plan-action.ts'
import type { Database } from '../database.ts'

/** How many rows of a plan do the same at a school, and how many of them change each field. */
export type PlanSummaryRow = {
  readonly action: PlanAction
  readonly school: string | null
  readonly schoolName: string | null
  readonly count: number
  /** Of updates and reactivations; a new record has its fields from nothing. */
  readonly fields: Readonly<Record<string, number>>
}

/** Action by action and school by school; the counts are those of the plan when it was made. */
export async function summarizePlan(
  trx: Transaction<Database>,
  { runId, planNo }: { readonly runId: string; readonly planNo: number },
): Promise<PlanSummaryRow[]> {
  const { rows } = await sql<PlanSummaryRow>`
    with changed as (
      select action, school_id, field, count(*)::int as count
      from plan_rows, jsonb_object_keys(changes) as field
      where run_id = ${runId} and plan_no = ${planNo} and action in ('update', 'reactivate') and changes is not null
      group by action, school_id, field
    )
    select c.action, o.source_key as school, o.name as school_name, c.count,
      coalesce((select jsonb_object_agg(f.field, f.count) from changed f
        where f.action = c.action and f.school_id is not distinct from c.school_id), '{}') as fields
    from plan_counts c left join orgs o on o.id = c.school_id
    where c.run_id = ${runId} and c.count > 0
    order by array_position(${[...planActions]}::text[], c.action),
      o.source_key nulls last`.execute(trx)
  return rows
}
