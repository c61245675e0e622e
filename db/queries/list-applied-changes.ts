import { sql, type Transaction } from 'kysely'
import type { PlanAction } from '../../domain/plan/plan-action.ts'
import type { Database } from '../database.ts'
import type { FieldChanges } from '../tables/plans.ts'

export type AppliedChange = {
  readonly planNo: number
  readonly seq: number
  readonly action: PlanAction
  readonly recordId: string
  /** Null for a create, whose values are the record's, and for a deactivation, which changes no field. */
  readonly changes: FieldChanges | null
  readonly appliedAt: Date
}

/**
 * What a run did change, in the order in which it was planned: rows of batches that were applied, over all plans of the
 * run, and no row that was only planned. `after` is the last one of the page before.
 */
export async function listAppliedChanges(
  trx: Transaction<Database>,
  page: {
    readonly runId: string
    readonly after?: { readonly planNo: number; readonly seq: number } | undefined
    readonly limit: number
  },
): Promise<AppliedChange[]> {
  const { planNo, seq } = page.after ?? { planNo: -1, seq: 0 }
  const { rows } = await sql<AppliedChange>`
    select p.plan_no, p.seq, p.action, p.record_id, p.changes, b.applied_at
    from applied_batches b
    join plan_rows p on p.run_id = b.run_id and p.plan_no = b.plan_no and p.seq between b.first_seq and b.last_seq
      and (b.part = 'deactivations') = (p.action = 'deactivate')
    where b.run_id = ${page.runId} and p.action in ('create', 'update', 'reactivate', 'deactivate')
      and (p.plan_no, p.seq) > (${planNo}::smallint, ${seq}::int)
    order by p.plan_no, p.seq
    limit ${page.limit}`.execute(trx)
  return rows
}
