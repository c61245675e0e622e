import { sql, type RawBuilder, type Transaction } from 'kysely'
import { columnOf, getField, targetsOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import { getDataType } from '../../domain/data-types/registry.ts'
import type { Database } from '../database.ts'
import { valueType } from '../fields/field-sql.ts'

/** A stored field and the values of which a record must have one: null is blank, a reference is given as it is shown. */
export type FieldFilter = { readonly field: string; readonly values: readonly (string | null)[] }

/** The same, with the ids of what is referred to. */
export type FoundFilter = FieldFilter

/**
 * Finds what the filters refer to, among the records and orgs of the transaction's district. What is not held is left
 * out: no record refers to it.
 */
export async function findFilters(
  trx: Transaction<Database>,
  dataType: DataType,
  filters: readonly FieldFilter[],
): Promise<FoundFilter[]> {
  const found: FoundFilter[] = []
  for (const filter of filters) {
    const targets = targetsOf(getField(dataType, filter.field))
    if (targets.length === 0) {
      found.push(filter)
      continue
    }
    const ids = (
      await findShown(
        trx,
        targets,
        filter.values.filter((value) => value !== null),
      )
    ).map(({ id }) => id)
    found.push({ field: filter.field, values: filter.values.includes(null) ? [null, ...ids] : ids })
  }
  return found
}

/** Whom a reference may mean that is given as it is shown: each with its id, the first target first. */
export async function findShown(
  trx: Transaction<Database>,
  targets: readonly string[],
  shown: readonly string[],
): Promise<{ readonly id: string; readonly shown: string; readonly isActive: boolean }[]> {
  const found = []
  for (const target of shown.length === 0 ? [] : targets) {
    const { rows } = await selectShown(target, shown).execute(trx)
    found.push(...rows)
  }
  return found
}

function selectShown(
  target: string,
  shown: readonly string[],
): RawBuilder<{ id: string; shown: string; isActive: boolean }> {
  if (target === 'orgs') {
    return sql`select id, source_key as shown, is_active from orgs where source_key = any (${shown}::text[])`
  }
  const { table, shownBy, matchKeys } = getDataType(target)
  const [key, first] = [sql.ref(columnOf(shownBy)), sql.ref(columnOf(matchKeys[0]))]
  // Each by its own index: as one condition with "or" it would be read by neither.
  return sql`
    select id, ${key} as shown, status = 'active' as is_active from ${sql.table(table)} where ${key} = any (${shown}::text[])
    union
    select id, ${first}, status = 'active' from ${sql.table(table)}
    where ${key} is null and ${first} = any (${shown}::text[])`
}

/** Whether the record `r` is one that the filter means. */
export function matchField(dataType: DataType, { field, values }: FoundFilter): RawBuilder<boolean> {
  const definition = getField(dataType, field)
  const column = sql.ref(`r.${columnOf(field)}`)
  const sought = values.filter((value) => value !== null)
  const type = sql.raw(`${valueType(definition)}[]`)
  const isOne =
    definition.many === true ? sql`${column} && ${sought}::${type}` : sql`${column} = any (${sought}::${type})`
  if (!values.includes(null)) return sql`${isOne}`
  const isBlank = definition.many === true ? sql`cardinality(${column}) is not distinct from 0` : sql`false`
  return sql`(${column} is null or ${isBlank} or ${isOne})`
}
