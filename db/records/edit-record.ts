import { sql, type RawBuilder, type Transaction } from 'kysely'
import { columnOf, getField, targetsOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import type { Database } from '../database.ts'
import { valueType } from '../fields/field-sql.ts'
import { customFieldPrefix } from './compared-fields.ts'
import type { HeldRecord } from './find-record.ts'
import { findShown } from './match-fields.ts'

export type EditedFields = Readonly<Record<string, string | readonly string[] | null>>

export type RecordEdit = {
  /** By field, a reference as the id of what it refers to. */
  readonly fields: EditedFields
  /** By name; null removes it. */
  readonly customFields: Readonly<Record<string, string | null>>
  /** Fields that the source decides again, as the journal names them. */
  readonly giveBack: readonly string[]
  readonly by: string
}

/**
 * Replaces references that are given as they are shown by ids. `lost`: fields one of whose references leads to nothing
 * that is held.
 */
export async function resolveEdited(
  trx: Transaction<Database>,
  dataType: DataType,
  fields: EditedFields,
): Promise<{ readonly fields: EditedFields; readonly lost: readonly string[] }> {
  const resolved: Record<string, string | readonly string[] | null> = {}
  const lost: string[] = []
  for (const [field, value] of Object.entries(fields)) {
    const targets = targetsOf(getField(dataType, field))
    if (targets.length === 0 || value === null) {
      resolved[field] = value
      continue
    }
    const shown = typeof value === 'string' ? [value] : value.toSorted()
    const held = await findShown(trx, targets, shown)
    const ids = shown.map((key) => pickOne(held.filter((one) => one.shown === key)))
    const found = ids.filter((id) => id !== undefined)
    if (found.length < ids.length) lost.push(field)
    resolved[field] = typeof value === 'string' ? (found[0] ?? null) : found
  }
  return { fields: resolved, lost }
}

/** Active ones before the others; two that may be meant are none, as in an import. */
function pickOne(held: readonly { readonly id: string; readonly isActive: boolean }[]): string | undefined {
  const active = held.filter(({ isActive }) => isActive)
  if (active.length === 1) return active[0]?.id
  return held.length === 1 ? held[0]?.id : undefined
}

/**
 * Writes what a person changed. The caller has locked the record. The trigger on the table gives it its next revision and
 * writes down who changed what; the fields are kept from imports until they are given back.
 */
export async function editRecord(
  trx: Transaction<Database>,
  dataType: DataType,
  record: Pick<HeldRecord, 'id' | 'keptFields'>,
  { fields, customFields, giveBack, by }: RecordEdit,
): Promise<void> {
  const custom = Object.keys(customFields).map((name) => `${customFieldPrefix}${name}`)
  const kept = [...new Set([...record.keptFields, ...Object.keys(fields), ...custom])].filter(
    (field) => !giveBack.includes(field),
  )
  const assignments: RawBuilder<unknown>[] = [
    sql`kept_fields = ${kept.length === 0 ? null : kept.toSorted()}::text[]`,
    ...Object.entries(fields).map(([field, value]) => {
      const definition = getField(dataType, field)
      const type = sql.raw(definition.many === true ? `${valueType(definition)}[]` : valueType(definition))
      return sql`${sql.ref(columnOf(field))} = ${value}::${type}`
    }),
    ...(custom.length === 0
      ? []
      : [
          sql`custom_fields = nullif(jsonb_strip_nulls(coalesce(custom_fields, '{}') || ${JSON.stringify(customFields)}::jsonb), '{}')`,
        ]),
  ]
  await sql`select set_config('rollbook.edited_by', ${by}, true)`.execute(trx)
  await sql`update ${sql.table(dataType.table)} set ${sql.join(assignments)} where id = ${record.id}`.execute(trx)
}
