import { sql, type Transaction } from 'kysely'
import { columnOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import type { MetLimit } from '../../domain/plan/met-limit.ts'
import type { Database } from '../database.ts'
import { pickSisId } from '../records/record-names.ts'

/** `values` are for who may see them; the id is not. */
export type HoldExample = {
  readonly recordId: string
  readonly sisId: string | null
  readonly values: Readonly<Record<string, unknown>>
}

const actionsOf: Readonly<Record<MetLimit['limit'], readonly string[]>> = {
  deactivations: ['deactivate'],
  updates: ['update'],
  errorFindings: [],
  idSchemeChange: ['deactivate'],
  // Of a conflict the plan names no record: `rollbook run plan` and, after an approval, its cases do.
  identityConflicts: [],
  schoolMoves: ['update'],
  lateDelta: ['deactivate'],
  otherMode: ['deactivate'],
  otherVersion: ['update', 'deactivate', 'reactivate'],
}

/** A few of the held records that a met limit is about, with the fields by which a person knows them. */
export async function listHoldExamples(
  trx: Transaction<Database>,
  dataType: DataType,
  about: { readonly runId: string; readonly planNo: number; readonly limit: MetLimit; readonly count: number },
): Promise<HoldExample[]> {
  const actions = actionsOf[about.limit.limit]
  if (actions.length === 0) return []
  const fields = fieldsThatName(dataType)
  const columns = fields.map((field) => sql`r.${sql.ref(columnOf(field))}`)
  const { schoolId } = about.limit
  const { rows } = await sql<Record<string, unknown> & { recordId: string; exampleId: string | null }>`
    select p.record_id, ${pickSisId(dataType, 'r')} as example_id, ${sql.join(columns)}
    from plan_rows p join ${sql.table(dataType.table)} r on r.id = p.record_id
    where p.run_id = ${about.runId} and p.plan_no = ${about.planNo} and p.action in (${sql.join(actions)})
      and ${schoolId === null ? sql`true` : sql`p.school_id = ${schoolId}`}
    order by p.seq
    limit ${about.count}`.execute(trx)
  return rows.map((row) => ({
    recordId: row.recordId,
    sisId: row.exampleId,
    values: Object.fromEntries(fields.map((field) => [field, row[field] ?? null])),
  }))
}

/** The key and what else no record may lack, but no reference: enough to find the person in the source. */
function fieldsThatName(dataType: DataType): string[] {
  return Object.entries(dataType.fields)
    .filter(([, { presence, type }]) => presence === 'required' && typeof type === 'string')
    .map(([name]) => name)
}
