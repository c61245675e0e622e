import { sql, type Transaction } from 'kysely'
import { columnOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import type { Database } from '../database.ts'

export type FieldCount = { readonly field: string; readonly count: number }

/** How many findings of some rules a run has for each field; the field is the finding's column. */
export async function countFindingsByField(
  trx: Transaction<Database>,
  { runId, rules }: { readonly runId: string; readonly rules: readonly string[] },
): Promise<FieldCount[]> {
  const rows = await trx
    .selectFrom('runFindings')
    .select(['column as field', sql<number>`count(*)`.as('count')])
    .where('runId', '=', runId)
    .where('rule', 'in', rules)
    .groupBy('column')
    .orderBy('column')
    .execute()
  return rows.flatMap(({ field, count }) => (field === null ? [] : [{ field, count }]))
}

/** For each of these fields, how many active records of the district have no value in it. */
export async function countBlankFields(
  trx: Transaction<Database>,
  request: { readonly districtId: string; readonly dataType: DataType; readonly fields: readonly string[] },
): Promise<FieldCount[]> {
  const { districtId, dataType, fields } = request
  if (fields.length === 0) return []
  // One count each, so that each can use its partial index (db/migrations, the data type's own).
  const counts = fields.map(
    (field, index) => sql`(
      select count(*) from ${sql.table(dataType.table)}
      where district_id = ${districtId} and status = 'active' and ${sql.ref(columnOf(field))} is null
    ) as ${sql.ref(`f${index}`)}`,
  )
  const { rows } = await sql<Record<string, number>>`select ${sql.join(counts)}`.execute(trx)
  return fields.map((field, index) => ({ field, count: rows[0]?.[`f${index}`] ?? 0 }))
}
