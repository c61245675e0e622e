import type { DataType } from '../../domain/data-types/define-data-type.ts'
import { quoteName } from '../fields/field-sql.ts'
import { forgetSource } from './undo-sql.ts'

/** One range of the records that an import created. Ids are SQL literals with their cast. */
export type CreatedShape = {
  readonly district: string
  /** The undo, the run that it takes back, and the import at the beginning of the chain that created the records. */
  readonly undo: string
  readonly target: string
  readonly root: string
  /** The undos between the import and this one, as an array: what one of them left alone is none of ours. */
  readonly earlierUndos: string
  /** What the records become. */
  readonly becomes: 'active' | 'inactive'
  /** What people decided made them. */
  readonly isOfDecisions: boolean
  /** For a question: an array of the runs since that are taken back before the target, as if that were done. */
  readonly later?: string
  /** Null: all of them. */
  readonly range: { readonly firstId: string; readonly lastId: string } | null
}

/**
 * Makes created records inactive, or active again when that is taken back. Those that somebody gave another status
 * since stay. When the source changed them is forgotten, so that whatever it sends next may bring them in. A record has no journal for this: that the run was the last to touch it says that nobody edited it.
 */
export function buildCreatedSql(dataType: DataType, shape: CreatedShape): string {
  return `
    update ${quoteName(dataType.table)} r
    set status = '${shape.becomes}', primary_modified_at = null, supplement_modified_at = null, ${forgetSource(shape.undo)}
    where ${isCreated(shape)} and ${isFree(shape)}`
}

/** Writes down those that the statement before left. */
export function buildInsertKeptSql(dataType: DataType, shape: CreatedShape): string {
  const { district, undo, becomes } = shape
  const isLeft = `(r.status <> '${becomes}' or r.updated_run_id is distinct from ${undo})`
  return `
    insert into undo_skips (district_id, run_id, record_id, field, reason, by, of_created)
    select ${district}, ${undo}, id, field, reason, by, true
    from (${selectKept(dataType, shape, isLeft)}) as kept`
}

/** The same as a question: `count` of those that would change. */
export function buildCountFreeSql(dataType: DataType, shape: CreatedShape): string {
  return `select count(*)::int as count from ${quoteName(dataType.table)} r where ${isCreated(shape)} and ${isFree(shape)}`
}

/** Those that stay as they are, as `id`, `field`, `reason` and `by`. */
export function buildKeptSql(dataType: DataType, shape: CreatedShape): string {
  return selectKept(dataType, shape, `not ${isFree(shape)}`)
}

export function isCreated({ district, root, earlierUndos, range }: CreatedShape): string {
  const isInRange = range === null ? '' : ` and r.id between '${range.firstId}' and '${range.lastId}'`
  return `r.district_id = ${district} and r.created_run_id = ${root}${isInRange}
        and not exists (select from undo_skips s where s.run_id = any (${earlierUndos}) and s.record_id = r.id and s.of_created)`
}

export function isFree({ district, target, becomes, later }: CreatedShape): string {
  // What a later run made of it goes with that run.
  const isLater = later === undefined ? '' : ` or r.updated_run_id = any (${later})`
  return `((r.status <> '${becomes}'${isLater}) and ((r.updated_run_id = ${target} and r.edited_xid is null)
          or not exists (select from record_edits e where ${isEditSince(district, target)})))`
}

function isEditSince(district: string, target: string): string {
  return `e.district_id = ${district} and e.record_id = r.id and e.changes ? 'status'
            and e.edited_at >= (select started_at from import_runs where id = ${target})`
}

function selectKept(dataType: DataType, { district, undo, target, ...shape }: CreatedShape, condition: string): string {
  return `
      select r.id, 'status' as field,
        case when edit.by is not null then 'changedByPerson'
          when other.run_id is not null then 'changedByRun' else 'changedSince' end as reason,
        coalesce(edit.by, other.run_id::text) as by
      from ${quoteName(dataType.table)} r
      left join lateral (
        select e.by from record_edits e where ${isEditSince(district, target)} order by e.revision desc limit 1
      ) edit on true
      left join lateral (
        select n.run_id from journal n
        where n.district_id = ${district} and n.record_id = r.id and n.run_id not in (${undo}, ${target})
          ${shape.later === undefined ? '' : `and n.run_id <> all (${shape.later})`} and n.before ? 'status'
        order by n.revision desc limit 1
      ) other on true
      where ${isCreated({ district, undo, target, ...shape })} and ${condition}`
}
