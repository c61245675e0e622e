import { sql, type Transaction } from 'kysely'
import { columnOf, storedFields, type DataType } from '../../domain/data-types/define-data-type.ts'
import type { Database } from '../database.ts'

export type ListedRecord = {
  readonly id: string
  readonly status: 'active' | 'inactive'
  readonly customFields: Readonly<Record<string, unknown>> | null
  /** By field of the data type; an org is its source key. */
  readonly values: Readonly<Record<string, unknown>>
}

/** Records of the transaction's district in order of the first match key, those after `afterKey`. */
export async function listRecords(
  trx: Transaction<Database>,
  dataType: DataType,
  page: { readonly afterKey: string | undefined; readonly limit: number; readonly withInactive: boolean },
): Promise<ListedRecord[]> {
  const fields = storedFields(dataType)
  const isOrg = (field: string): boolean => dataType.fields[field]?.type === 'org'
  const columns = fields.map((field) => {
    const column = columnOf(field)
    return isOrg(field)
      ? sql`(select source_key from orgs where orgs.id = r.${sql.ref(column)}) as ${sql.ref(column)}`
      : sql`r.${sql.ref(column)}`
  })
  const key = sql`r.${sql.ref(columnOf(dataType.matchKeys[0]))}`
  const { rows } = await sql<Record<string, unknown> & Pick<ListedRecord, 'id' | 'status' | 'customFields'>>`
    select r.id, r.status, r.custom_fields, ${sql.join(columns)}
    from ${sql.table(dataType.table)} r
    where ${page.withInactive ? sql`true` : sql`r.status = 'active'`}
      and ${page.afterKey === undefined ? sql`true` : sql`${key} > ${page.afterKey}`}
    order by ${key}
    limit ${page.limit}`.execute(trx)
  return rows.map((row) => ({
    id: row.id,
    status: row.status,
    customFields: row.customFields,
    values: Object.fromEntries(fields.map((field) => [field, row[field] ?? null])),
  }))
}

/** Every custom field that a mapping of this data type has ever filled in the district, in order of name. */
export async function listCustomFields(trx: Transaction<Database>, dataType: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select distinct name collate "C" as name
    from mapping_versions, jsonb_object_keys(coalesce(document -> 'customFields', '{}')) as name
    where data_type = ${dataType}
    order by 1`.execute(trx)
  return rows.map(({ name }) => name)
}
