import { sql, type Transaction } from 'kysely'
import { columnOf, targetsOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import { getDataType } from '../../domain/data-types/registry.ts'
import type { Database } from '../database.ts'
import type { FieldChanges } from '../tables/plans.ts'
import { quoteName } from './field-sql.ts'

/** Values by field of one data type, a reference as the id of what it refers to. */
export type FieldValues = Readonly<Record<string, unknown>>

/** What records and orgs are shown as, by id. */
type Shown = ReadonlyMap<string, string>

/**
 * The same values with each reference as people know it: an org and most records by the source's key, a course by its
 * number (`shownBy`). One question for each kind of thing referred to, however many rows there are. What is not there
 * any more stays an id.
 */
export async function showReferences<Values extends FieldValues>(
  trx: Transaction<Database>,
  dataType: DataType,
  rows: readonly Values[],
): Promise<Values[]> {
  const fields = listReferenceFields(dataType)
  const shown = await readShown(
    trx,
    fields,
    rows.map((row) => (field) => listIds(row[field])),
  )
  return rows.map((row) => ({ ...row, ...pick(fields, row, (value) => show(value, shown)) }))
}

/** The same of changes, `{ field: [old, new] }`; null stays null. */
export async function showChangedReferences<Changes extends FieldChanges | null>(
  trx: Transaction<Database>,
  dataType: DataType,
  rows: readonly Changes[],
): Promise<Changes[]> {
  const fields = listReferenceFields(dataType)
  const shown = await readShown(
    trx,
    fields,
    rows.map((changes) => (field) => (changes?.[field] ?? []).flatMap(listIds)),
  )
  const showPair = ([before, after]: readonly [unknown, unknown]) => [show(before, shown), show(after, shown)] as const
  return rows.map((changes) =>
    changes === null ? changes : { ...changes, ...pick(fields, changes, (pair) => showPair(pair)) },
  )
}

type ReferenceField = { readonly name: string; readonly targets: readonly string[] }

function listReferenceFields(dataType: DataType): ReferenceField[] {
  return Object.entries(dataType.fields)
    .map(([name, field]) => ({ name, targets: targetsOf(field) }))
    .filter(({ targets }) => targets.length > 0)
}

function pick<Value>(
  fields: readonly ReferenceField[],
  values: Readonly<Record<string, Value>>,
  change: (value: Value) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap(({ name }) => {
      const value = values[name]
      return value === undefined ? [] : [[name, change(value)]]
    }),
  )
}

function listIds(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

function show(value: unknown, shown: Shown): unknown {
  if (typeof value === 'string') return shown.get(value) ?? value
  if (!Array.isArray(value)) return value
  return value.map((item: unknown) => (typeof item === 'string' ? (shown.get(item) ?? item) : item))
}

async function readShown(
  trx: Transaction<Database>,
  fields: readonly ReferenceField[],
  rows: readonly ((field: string) => readonly string[])[],
): Promise<Shown> {
  const wanted = new Map<string, Set<string>>()
  for (const { name, targets } of fields) {
    const ids = rows.flatMap((idsOf) => idsOf(name))
    for (const target of ids.length === 0 ? [] : targets) {
      const known = wanted.get(target) ?? new Set()
      for (const id of ids) known.add(id)
      wanted.set(target, known)
    }
  }
  const shown = new Map<string, string>()
  for (const [target, ids] of wanted) {
    const { rows: found } = await sql<{ id: string; shown: string | null }>`
      select id, ${sql.raw(shownColumn(target))} as shown from ${sql.raw(tableOf(target))}
      where id = any (${[...ids]}::uuid[])`.execute(trx)
    for (const row of found) if (row.shown !== null) shown.set(row.id, row.shown)
  }
  return shown
}

function tableOf(target: string): string {
  return quoteName(target === 'orgs' ? 'orgs' : getDataType(target).table)
}

function shownColumn(target: string): string {
  if (target === 'orgs') return 'source_key'
  const { shownBy, matchKeys } = getDataType(target)
  // Whoever came in without a source key has her first id.
  return `coalesce(${quoteName(columnOf(shownBy))}, ${quoteName(columnOf(matchKeys[0]))})`
}
