import { sql, type Transaction } from 'kysely'
import type { DataType } from '../../domain/data-types/define-data-type.ts'
import type { PlanAction } from '../../domain/plan/plan-action.ts'
import type { Database } from '../database.ts'
import { showChangedReferences } from '../fields/show-references.ts'
import { buildNewId, maxPlanNo, maxSeq, readNewId } from '../staging/planned-creates.ts'
import { quoteLiteral } from '../fields/quote-literal.ts'
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
  dataType: DataType,
  page: {
    readonly runId: string
    readonly after?: { readonly planNo: number; readonly seq: number } | undefined
    readonly limit: number
  },
): Promise<AppliedChange[]> {
  const { planNo, seq } = page.after ?? { planNo: 0, seq: 0 }
  const run = `${quoteLiteral(page.runId)}::uuid`
  const after = buildNewId(run, `${planNo}`, `${seq}`)
  const last = buildNewId(run, `${maxPlanNo}`, `${maxSeq}`)
  const created = readNewId('r.id')
  // A record is made in the transaction of its batch, so it was applied when it was made.
  const { rows } = await sql<AppliedChange>`
    (
      select ${sql.raw(created.planNo)} as plan_no, ${sql.raw(created.seq)} as seq, 'create' as action,
        r.id as record_id, null::jsonb as changes, r.created_at as applied_at
      from ${sql.table(dataType.table)} r
      where r.id > ${sql.raw(after)} and r.id <= ${sql.raw(last)}
      order by r.id
      limit ${page.limit}
    ) union all (
      select p.plan_no, p.seq, p.action, p.record_id, p.changes, b.applied_at
      from applied_batches b
      join plan_rows p on p.run_id = b.run_id and p.plan_no = b.plan_no and p.seq between b.first_seq and b.last_seq
        and (b.part = 'deactivations') = (p.action = 'deactivate')
      where b.run_id = ${page.runId} and p.action in ('update', 'reactivate', 'deactivate')
        and (p.plan_no, p.seq) > (${planNo}::smallint, ${seq}::int)
      order by p.plan_no, p.seq
      limit ${page.limit}
    )
    order by plan_no, seq
    limit ${page.limit}`.execute(trx)
  const changes = await showChangedReferences(
    trx,
    dataType,
    rows.map((row) => row.changes),
  )
  return rows.map((row, at) => ({ ...row, changes: changes[at] ?? null }))
}
