import { sql, type Transaction } from 'kysely'
import { columnOf, storedFields, type DataType } from '../../domain/data-types/define-data-type.ts'
import type { HistoryAction } from '../../domain/plan/plan-action.ts'
import type { Database } from '../database.ts'
import { seesRow } from '../fields/sees-row.ts'
import { showChangedReferences } from '../fields/show-references.ts'
import { customFieldPrefix } from './compared-fields.ts'
import type { FieldChanges } from '../tables/plans.ts'

export type HistoryEntry = {
  readonly at: Date
  /** Of the record afterwards; 0 where that is not known any more, or was never another. */
  readonly revision: number
  readonly action: HistoryAction
  /** The run that did it, and the one it took back; null where it was a person, who is `by`. */
  readonly runId: string | null
  readonly undoOf: string | null
  readonly by: string | null
  readonly fields: readonly string[]
  /** Null for a create, and once the values are purged. */
  readonly changes: FieldChanges | null
}

type FoundEntry = Omit<HistoryEntry, 'fields'> & {
  readonly fields: string[] | null
  readonly columns: FieldChanges | null
}

/**
 * Which run or person changed which field of a record when, the oldest first; undefined when there is no such record.
 * From the journal as long as it has the values, from what is left of it afterwards, from the trail of edits, and, for
 * records that an import created, from the undos of it.
 */
export async function findRecordHistory(
  trx: Transaction<Database>,
  dataType: DataType,
  recordId: string,
): Promise<readonly HistoryEntry[] | undefined> {
  const { rows } = await sql<FoundEntry>`
    with recursive record as (
      select id, district_id, created_run_id, created_at from ${sql.table(dataType.table)} r
      where id = ${recordId} and ${seesRow(dataType, 'r')}
    ), undos as (
      select run.id, run.undo_of, 1 as depth from record join import_runs run on run.undo_of = record.created_run_id
      where run.state <> 'discarded'
      union all
      select run.id, run.undo_of, depth + 1 from undos join import_runs run on run.undo_of = undos.id
      where run.state <> 'discarded'
    ), entries as (
      select created_at as at, 0 as revision, 'create' as action, created_run_id as run_id, null as by,
        null::text[] as fields, null::jsonb as changes, null::jsonb as columns
      from record
      union all
      select j.applied_at, j.revision, j.action, j.run_id, null, array(select jsonb_object_keys(j.before)),
        (select jsonb_object_agg(key, jsonb_build_array(value, j.after -> key)) from jsonb_each(j.before) where j.after is not null),
        null
      from record join journal j on j.district_id = record.district_id and j.record_id = record.id
      union all
      select c.applied_at, 0, c.action, c.run_id, null, c.fields, null, null
      from record join record_changes c on c.district_id = record.district_id and c.record_id = record.id
      union all
      select e.edited_at, e.revision, 'edit', null, e.by, null, null, e.changes
      from record join record_edits e on e.district_id = record.district_id and e.record_id = record.id
      union all
      select b.done_at, 0, case when depth % 2 = 1 then 'deactivate' else 'reactivate' end, undos.id, null,
        array['status'],
        case when depth % 2 = 1 then '{"status": ["active", "inactive"]}'::jsonb
          else '{"status": ["inactive", "active"]}' end,
        null
      from record cross join undos
      join undo_batches b on b.run_id = undos.id and b.part = 'created' and b.done_at is not null
        and record.id between b.first_id and b.last_id
      where not exists (
        select from undo_skips s join undos earlier on earlier.id = s.run_id
        where s.record_id = record.id and s.of_created and earlier.depth <= undos.depth
      )
    )
    select at, revision, action, run_id, run.undo_of, entries.by, fields, changes, columns
    from entries left join import_runs run on run.id = entries.run_id
    order by at, revision`.execute(trx)
  if (rows.length === 0) return undefined
  const shown = await showChangedReferences(
    trx,
    dataType,
    rows.map(({ columns, changes }) => (columns === null ? changes : toFields(dataType, columns))),
  )
  return rows.map(({ columns: _columns, ...entry }, at) => {
    const changes = shown[at] ?? null
    return { ...entry, changes, fields: [...(entry.fields ?? Object.keys(changes ?? {}))].sort() }
  })
}

/** Columns as the names of their fields, custom fields one by one. */
function toFields(dataType: DataType, columns: FieldChanges): FieldChanges {
  const names = new Map(storedFields(dataType).map((field) => [columnOf(field), field]))
  const changes: Record<string, readonly [unknown, unknown]> = {}
  for (const [column, [before, after]] of Object.entries(columns)) {
    if (column === 'custom_fields') Object.assign(changes, compareCustomFields(before, after))
    else changes[names.get(column) ?? column] = [before, after]
  }
  return changes
}

function compareCustomFields(before: unknown, after: unknown): FieldChanges {
  const [old, now] = [toObject(before), toObject(after)]
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])]
  const changed = names.filter((name) => JSON.stringify(old[name]) !== JSON.stringify(now[name]))
  return Object.fromEntries(
    changed.map((name) => [`${customFieldPrefix}${name}`, [old[name] ?? null, now[name] ?? null] as const]),
  )
}

function toObject(value: unknown): Readonly<Record<string, unknown>> {
  // A jsonb object, or null where a record has no custom fields.
  return (value ?? {}) as Readonly<Record<string, unknown>>
}
