import { sql, type RawBuilder, type Transaction } from 'kysely'
import { columnOf, lookUpFields, storedFields, type DataType } from '../../domain/data-types/define-data-type.ts'
import type { Database } from '../database.ts'
import { foldedColumn } from '../fields/field-sql.ts'
import { seesRow } from '../fields/sees-row.ts'
import { showReferences } from '../fields/show-references.ts'
import { findFilters, matchField, type FieldFilter, type FoundFilter } from './match-fields.ts'
import { matchText } from './match-text.ts'

export type ListedRecord = {
  readonly id: string
  readonly status: 'active' | 'inactive'
  readonly customFields: Readonly<Record<string, unknown>> | null
  /** By field of the data type; a reference as it is shown. */
  readonly values: Readonly<Record<string, unknown>>
  /** Where it stands in the order: what the next page goes on after. */
  readonly position: readonly string[]
}

/** By the first match key, or by what the records are called; then by id. */
export type RecordOrder = { readonly by: 'key' | 'name'; readonly isDescending: boolean }

export type RecordQuery = {
  /** Null: active and inactive ones. */
  readonly status: 'active' | 'inactive' | null
  readonly filters: readonly FieldFilter[]
  /** What somebody typed, normalized and not blank. */
  readonly search: string | undefined
  readonly order: RecordOrder
  readonly after: readonly string[] | undefined
  readonly limit: number
}

/** Every active record by its first match key: what a list is when nothing else is asked for. */
export const allActive: Omit<RecordQuery, 'limit'> = {
  status: 'active',
  filters: [],
  search: undefined,
  order: { by: 'key', isDescending: false },
  after: undefined,
}

/** How many parts a position has in this order. */
export function positionLength(dataType: DataType, { by }: RecordOrder): number {
  return by === 'key' ? 1 : lookUpFields(dataType).names.length + 1
}

/** Records of the transaction's district that the query means, in its order, those after `after`. */
export async function listRecords(
  trx: Transaction<Database>,
  dataType: DataType,
  query: RecordQuery,
): Promise<ListedRecord[]> {
  const filters = await findFilters(trx, dataType, query.filters)
  await preferIndexes(trx)
  const { rows } = await buildListSql(dataType, { ...query, filters }).execute(trx)
  const fields = storedFields(dataType)
  const shown = await showReferences(
    trx,
    dataType,
    rows.map((row) => Object.fromEntries(fields.map((field) => [field, row[field] ?? null]))),
  )
  return rows.map((row, at) => ({
    id: row.id,
    status: row.status,
    customFields: row.customFields,
    position: row.position,
    values: shown[at] ?? {},
  }))
}

/**
 * A district with its first records is not in the planner's statistics, and of a small table, or one of a single district,
 * it likes to read everything: right for one reader, wrong for two hundred. For the rest of the transaction.
 */
export async function preferIndexes(trx: Transaction<Database>): Promise<void> {
  await sql`select set_config('enable_seqscan', 'off', true)`.execute(trx)
}

type ListRow = Record<string, unknown> & Pick<ListedRecord, 'id' | 'status' | 'customFields' | 'position'>

/** The statement of a page; filters with the ids of what they refer to. */
export function buildListSql(
  dataType: DataType,
  {
    status,
    filters,
    search,
    order,
    after,
    limit,
  }: Omit<RecordQuery, 'filters'> & { readonly filters: readonly FoundFilter[] },
): RawBuilder<ListRow> {
  const columns = storedFields(dataType).map((field) => sql`r.${sql.ref(columnOf(field))} as ${sql.ref(field)}`)
  const keys = listOrderColumns(dataType, order)
  const conditions = [
    // Says no more than that these lists may use the indexes that were made for them (migration 0043).
    sql`r.status <> ''`,
    seesRow(dataType, 'r'),
    ...(status === null ? [] : [sql`r.status = ${status}`]),
    ...filters.map((filter) => matchField(dataType, filter)),
    ...(after === undefined ? [] : [isBehind(keys, after, order)]),
  ]
  const direction = order.isDescending ? sql`desc` : sql`asc`
  return sql<ListRow>`
    select r.id, r.status, r.custom_fields, ${sql.join(columns)},
      array[${sql.join(keys.map((key) => sql`${key}::text`))}] as position
    from ${search === undefined ? sql.table(dataType.table) : findText(dataType, search)} r
    where ${sql.join(conditions, sql` and `)}
    order by ${sql.join(keys.map((key) => sql`${key} ${direction}`))}
    limit ${limit}`
}

/**
 * Those whom a text means, all of them, before they are put in order: the planner knows how many they are and not where
 * they stand, and would walk along the order from its beginning, past everybody who comes before the first of them.
 */
function findText(dataType: DataType, search: string): RawBuilder<unknown> {
  return sql`(select r.* from ${sql.table(dataType.table)} r where r.status <> '' and ${matchText(dataType, search)} offset 0)`
}

/** None of them is ever null: keys and names are required. */
function listOrderColumns(dataType: DataType, { by }: RecordOrder): RawBuilder<unknown>[] {
  if (by === 'key') return [sql`r.${sql.ref(columnOf(dataType.matchKeys[0]))}`]
  const names = lookUpFields(dataType).names.map((name) => sql`r.${sql.ref(foldedColumn(name))}`)
  return [...names, sql`r.id`]
}

function isBehind(
  keys: readonly RawBuilder<unknown>[],
  after: readonly string[],
  { by, isDescending }: RecordOrder,
): RawBuilder<unknown> {
  const values = after.map((value, at) =>
    by === 'name' && at === keys.length - 1 ? sql`${value}::uuid` : sql`${value}`,
  )
  return sql`(${sql.join(keys)}) ${isDescending ? sql`<` : sql`>`} (${sql.join(values)})`
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
