import { sql, type RawBuilder, type Transaction } from 'kysely'
import { columnOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import type { Database } from '../database.ts'
import { seesRow } from '../fields/sees-row.ts'

/** By what people know a record: its first id, and its name where the data type has one. */
export type RecordName = { readonly sisId: string | null; readonly name: string | null }

/** SQL for the first id of a record, or of a staged row, under this alias. */
export function pickSisId(dataType: DataType, alias: string): RawBuilder<string | null> {
  return sql`${sql.ref(`${alias}.${columnOf(dataType.matchKeys[0])}`)}`
}

/** SQL for the name; null where the data type has none, or the row is not there. */
export function pickName(dataType: DataType, alias: string): RawBuilder<string | null> {
  if (dataType.named.length === 0) return sql`null::text`
  const columns = dataType.named.map((field) => sql.ref(`${alias}.${columnOf(field)}`))
  return sql`nullif(concat_ws(' ', ${sql.join(columns)}), '')`
}

/** What the records are called, by id; a record that is not there is not in it. The name is for who may see values. */
export async function readRecordNames(
  trx: Transaction<Database>,
  dataType: DataType,
  ids: readonly string[],
): Promise<ReadonlyMap<string, RecordName>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<RecordName & { id: string }>`
    select r.id, ${pickSisId(dataType, 'r')} as sis_id, ${pickName(dataType, 'r')} as name
    from ${sql.table(dataType.table)} r where r.id = any (${[...new Set(ids)]}::uuid[]) and ${seesRow(dataType, 'r')}`.execute(
    trx,
  )
  return new Map(rows.map(({ id, ...name }) => [id, name]))
}
