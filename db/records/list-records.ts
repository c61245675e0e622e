import { sql, type Transaction } from 'kysely'
import { columnOf, storedFields, type DataType } from '../../domain/data-types/define-data-type.ts'
import type { Database } from '../database.ts'
import { seesRow } from '../fields/sees-row.ts'
import { showReferences } from '../fields/show-references.ts'

export type ListedRecord = {
  readonly id: string
  readonly status: 'active' | 'inactive'
  readonly customFields: Readonly<Record<string, unknown>> | null
  /** By field of the data type; a reference as it is shown. */
  readonly values: Readonly<Record<string, unknown>>
}

/** Records of the transaction's district in order of the first match key, those after `afterKey`. */
export async function listRecords(
  trx: Transaction<Database>,
  dataType: DataType,
  page: { readonly afterKey: string | undefined; readonly limit: number; readonly withInactive: boolean },
): Promise<ListedRecord[]> {
  const fields = storedFields(dataType)
  const columns = fields.map((field) => sql`r.${sql.ref(columnOf(field))} as ${sql.ref(field)}`)
  const key = sql`r.${sql.ref(columnOf(dataType.matchKeys[0]))}`
  const { rows } = await sql<Record<string, unknown> & Pick<ListedRecord, 'id' | 'status' | 'customFields'>>`
    select r.id, r.status, r.custom_fields, ${sql.join(columns)}
    from ${sql.table(dataType.table)} r
    where ${page.withInactive ? sql`true` : sql`r.status = 'active'`}
      and ${seesRow(dataType, 'r')}
      and ${page.afterKey === undefined ? sql`true` : sql`${key} > ${page.afterKey}`}
    order by ${key}
    limit ${page.limit}`.execute(trx)
  const shown = await showReferences(
    trx,
    dataType,
    rows.map((row) => Object.fromEntries(fields.map((field) => [field, row[field] ?? null]))),
  )
  return rows.map((row, at) => ({
    id: row.id,
    status: row.status,
    customFields: row.customFields,
    values: shown[at] ?? {},
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
