import { sql, type Transaction } from 'kysely'
import { columnOf, storedFields, type DataType } from '../../domain/data-types/define-data-type.ts'
import type { PlanAction } from '../../domain/plan/plan-action.ts'
import type { Database } from '../database.ts'
import type { FieldChanges } from '../tables/plans.ts'

export type PlanRowPage = {
  readonly runId: string
  readonly planNo: number
  readonly afterSeq: number
  readonly limit: number
  /** Leaves out the rows that change nothing. */
  readonly changesOnly?: boolean
}

export type ListedPlanRow = {
  readonly planNo: number
  readonly seq: number
  readonly action: PlanAction
  readonly recordId: string | null
  readonly school: string | null
  readonly line: number | null
  readonly reason: string | null
  readonly changes: FieldChanges | null
}

/**
 * Rows of a run's plan in order. A create is stored without changes, its values being those of the staged row; they
 * are given here as changes from nothing. A school is its source key.
 */
export async function listPlanRows(
  trx: Transaction<Database>,
  dataType: DataType,
  page: PlanRowPage,
): Promise<ListedPlanRow[]> {
  const values = storedFields(dataType).flatMap((field) => [
    sql.lit(field),
    sql`to_jsonb(${dataType.fields[field]?.type === 'org' ? sql.ref('new_org.source_key') : sql.ref(`s.${columnOf(field)}`)})`,
  ])
  const idle = page.changesOnly === true ? sql`and p.action not in ('unchanged', 'skip')` : sql``
  const schoolColumn = sql.ref(`s.${columnOf(dataType.schoolField ?? 'schoolId')}`)
  const { rows } = await sql<ListedPlanRow & { created: Readonly<Record<string, unknown>> | null }>`
    select p.plan_no, p.seq, p.action, p.record_id, o.source_key as school, s.line, p.reason, p.changes,
      case when p.action = 'create' then
        jsonb_strip_nulls(jsonb_build_object(${sql.join(values)})) || coalesce(s.custom_fields, '{}')
      end as created
    from plan_rows p
    left join ${sql.table(dataType.stagedTable)} s on s.run_id = p.run_id and s.seq = p.seq
    left join orgs o on o.id = p.school_id
    left join orgs new_org on new_org.id = ${schoolColumn}
    where p.run_id = ${page.runId} and p.plan_no = ${page.planNo} and p.seq > ${page.afterSeq} ${idle}
    order by p.seq
    limit ${page.limit}`.execute(trx)
  return rows.map(({ created, ...row }) => ({ ...row, changes: created === null ? row.changes : fromNothing(created) }))
}

function fromNothing(values: Readonly<Record<string, unknown>>): FieldChanges {
  return Object.fromEntries(Object.entries(values).map(([field, value]) => [field, [null, value] as const]))
}
