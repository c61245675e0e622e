import { columnOf, getField, storedFields, type DataType } from '../../domain/data-types/define-data-type.ts'
import { customFieldPrefix } from '../records/compared-fields.ts'
import { currentValues } from '../records/current-values.ts'
import { timeColumns } from '../records/source-times.ts'
import { quoteLiteral } from '../fields/quote-literal.ts'
import { parseJson, quoteName } from '../fields/field-sql.ts'

/** One batch of an undo. Ids are SQL literals with their cast. */
export type UndoShape = {
  readonly district: string
  /** The undo, and the run that it takes back. */
  readonly undo: string
  readonly target: string
  /** Of the journal that is read, and of the one that is written. */
  readonly planNo: number
  readonly newPlanNo: number
  readonly firstSeq: number
  readonly lastSeq: number
}

/**
 * Takes back the rows of the batch whose record nobody touched since: its revision is the one the run left. Gives
 * `action` and `count` of what was done. What it writes into the journal is what it read there, before and after in
 * each other's place.
 */
export function buildRevertSql(dataType: DataType, shape: UndoShape): string {
  return `
    with reverted as (
      update ${quoteName(dataType.table)} r
      set ${buildAssignments(dataType, 'j.before')}, ${takeTimesBack}, ${forgetSource(shape.undo)}
      from ${journalOf(shape)} j
      where r.id = j.record_id and r.revision = j.revision and j.after is not null and not ${isIdTaken(dataType, 'j')}
      returning j.seq, j.record_id, j.action, j.before, j.after, j.times_before, j.times_after, r.revision
    ), written as (
      insert into journal (district_id, run_id, plan_no, seq, data_type, record_id, action, before, after, revision,
        times_before, times_after)
      select ${shape.district}, ${shape.undo}, ${shape.newPlanNo}, seq, ${quoteLiteral(dataType.name)}, record_id,
        ${oppositeOf('action')}, after, before, revision, times_after, times_before
      from reverted order by seq
      returning action
    )
    select action, count(*)::int as count from written group by action`
}

/**
 * Takes back, field by field, what of the batch the statement before left: records that were changed since. Fields
 * that somebody changed stay and are written down. Gives `action` and `count`.
 */
export function buildRevertRestSql(dataType: DataType, shape: UndoShape): string {
  const isOpen = `not exists (select from journal done where done.run_id = ${shape.undo}
          and done.plan_no = ${shape.newPlanNo} and done.seq = j.seq)`
  return `
    with ${buildFieldsSql(dataType, shape, `${journalOf(shape)} j`, isOpen, { lock: 'for no key update of r' })},
    free as (
      select seq, record_id, jsonb_object_agg(field, old) as before, jsonb_object_agg(field, held) as after
      from fields where reason is null group by seq, record_id
    ), reverted as (
      update ${quoteName(dataType.table)} r
      set ${buildAssignments(dataType, 'free.before')}, ${takeTimesBack}, ${forgetSource(shape.undo)}
      from free join ${journalOf(shape)} j on j.seq = free.seq
      where r.id = free.record_id
      returning free.seq, free.record_id, free.before, free.after, j.times_before, j.times_after, r.revision
    ), written as (
      insert into journal (district_id, run_id, plan_no, seq, data_type, record_id, action, before, after, revision,
        times_before, times_after)
      select ${shape.district}, ${shape.undo}, ${shape.newPlanNo}, seq, ${quoteLiteral(dataType.name)}, record_id,
        case before ->> 'status' when 'active' then 'reactivate' when 'inactive' then 'deactivate' else 'update' end,
        after, before, revision, times_after, times_before
      from reverted order by seq
      returning action
    ), kept as (
      insert into undo_skips (district_id, run_id, record_id, field, reason, by)
      select ${shape.district}, ${shape.undo}, record_id, field, reason, by from fields where reason is not null
    )
    select action, count(*)::int as count from written group by action`
}

type FieldsOptions = {
  readonly lock?: string
  /** Who will not have a first key any more when the turn comes of whoever wants it; as of `isIdTaken`. */
  readonly givesUp?: string
  /** For a question: an array of the runs since that are taken back before the target, as if that were done. */
  readonly later?: string
}

/**
 * `fields`: each field of the journal rows `j` with its value then (`old`) and now (`held`), and the reason why it must
 * stay, if there is one: who edited it since by the trail of edits, or that it is not what the run wrote.
 */
export function buildFieldsSql(
  dataType: DataType,
  { district, undo, target }: Pick<UndoShape, 'district' | 'undo' | 'target'>,
  journal: string,
  condition: string,
  { lock = '', givesUp = '', later }: FieldsOptions = {},
): string {
  const firstKey = quoteLiteral(dataType.matchKeys[0])
  const custom = `substr(f.key, ${customFieldPrefix.length + 1})`
  const isCustom = `starts_with(f.key, ${quoteLiteral(customFieldPrefix)})`
  const columns = { status: 'status', ...Object.fromEntries(storedFields(dataType).map((f) => [f, columnOf(f)])) }
  const column = `(${quoteLiteral(JSON.stringify(columns))}::jsonb ->> f.key)`
  const isSince = `n.district_id = ${district} and n.record_id = t.record_id and n.revision > t.written and n.before ? f.key`
  // An id that another record has by now does not come back.
  const isLaterUndone =
    later === undefined
      ? 'false'
      : `(n.run_id = any (${later}) and not (f.key = ${firstKey} and ${isIdTaken(dataType, 'n', givesUp)}))`
  // With all that came since taken back, and nobody's edit, a field is what the run wrote.
  const isMoved =
    later === undefined
      ? `held.value is distinct from coalesce(t.after -> f.key, 'null')`
      : 'other.revision is not null'
  return `
    touched as (
      select j.seq, j.record_id, j.before, j.after, j.revision as written, r.revision, ${currentValues(dataType)} as current
      from ${journal} join ${quoteName(dataType.table)} r on r.id = j.record_id
      where ${condition} ${lock}
    ), fields as (
      select t.seq, t.record_id, f.key as field, f.value as old, held.value as held,
        case
          when edit.revision is not null and (other.revision is null or edit.revision > other.revision) then 'changedByPerson'
          when edit.revision is null and not moved.is_moved then
            case when f.key = ${firstKey} and ${isIdTaken(dataType, 't', givesUp)} then 'idTaken' end
          when other.revision is not null then case when other.is_field_import then 'changedByPerson' else 'changedByRun' end
          else 'changedSince'
        end as reason,
        case
          when edit.revision is not null and (other.revision is null or edit.revision > other.revision) then edit.by
          when moved.is_moved or edit.revision is not null then other.by
        end as by
      from touched t cross join lateral jsonb_each(t.before) f
      left join lateral (
        select e.revision, e.by from record_edits e
        where e.district_id = ${district} and e.record_id = t.record_id and e.revision > t.written
          and case when ${isCustom}
            then e.changes #> array['custom_fields', '0', ${custom}] is distinct from e.changes #> array['custom_fields', '1', ${custom}]
            else e.changes ? ${column} end
        order by e.revision desc limit 1
      ) edit on true
      left join lateral (
        select n.revision, n.run_id from journal n
        where ${isSince} and n.run_id not in (${undo}, ${target}) and not ${isLaterUndone} and ${isStanding(district)}
        order by n.revision desc limit 1
      ) latest on true
      left join lateral (
        -- What somebody had imported as a field is hers, as if she had typed it. Of the one row: joined before, runs came first.
        select latest.revision, w.is_field_import,
          case when w.is_field_import then w.requested_by else w.id::text end as by
        from import_runs w where w.id = latest.run_id
      ) other on true
      cross join lateral (select coalesce(t.current -> f.key, 'null') as value) held
      cross join lateral (
        select case when t.after is null then t.revision <> t.written else ${isMoved} end as is_moved
      ) moved
    )`
}

/** That what `n` wrote into the field `f` was not taken back since, and is not itself what took something back. */
function isStanding(district: string): string {
  const isSame = (row: string): string =>
    `${row}.district_id = ${district} and ${row}.record_id = n.record_id and ${row}.before ? f.key`
  return `not exists (
          select from import_runs u join journal back on back.run_id = u.id and ${isSame('back')} where u.undo_of = n.run_id
        ) and not exists (
          select from import_runs u join journal undone on undone.run_id = u.undo_of and ${isSame('undone')}
            and undone.revision > t.written
          where u.id = n.run_id
        )`
}

export function journalOf({ target, planNo, firstSeq, lastSeq }: UndoShape): string {
  return `(select * from journal where run_id = ${target} and plan_no = ${planNo} and seq between ${firstSeq} and ${lastSeq})`
}

/**
 * The first key of another record by now: two records cannot have it. `givesUp` says of a `holder` that it will not have
 * it any more when its turn comes, for a question that is asked before.
 */
export function isIdTaken(dataType: DataType, row: string, givesUp = ''): string {
  const [firstKey] = dataType.matchKeys
  const key = `${row}.before ->> ${quoteLiteral(firstKey)}`
  return `(${row}.before ? ${quoteLiteral(firstKey)} and exists (
        select from ${quoteName(dataType.table)} holder
        where holder.district_id = (select current_setting('rollbook.district_id')::uuid) and holder.${quoteName(columnOf(firstKey))} = ${key} and holder.id <> ${row}.record_id
          ${givesUp === '' ? '' : `and not ${givesUp}`}))`
}

/**
 * An undone record is compared whole by the next import: what is known of its source row no longer holds. The trigger
 * of the records leaves the rest to us while `rollbook.applying` says `undo`.
 */
export function forgetSource(undo: string): string {
  return `revision = r.revision + 1, updated_at = now(), primary_digest = null, supplement_digest = null, gathered_digest = null, edited_xid = null, updated_run_id = ${undo}`
}

/**
 * With the values go the times at which the source changed them, where no later run brought newer ones: otherwise what
 * the source sent between the two would be taken for old, and never come.
 */
const takeTimesBack = (['primary', 'supplement'] as const)
  .map((part, at) => {
    const column = timeColumns[part]
    const [before, after] = [`j.times_before[${at + 1}]`, `j.times_after[${at + 1}]`]
    const isOurs = `j.times_after is not null and r.${column} is not distinct from ${after}`
    return `${column} = case when ${isOurs} then ${before} else r.${column} end`
  })
  .join(', ')

function oppositeOf(action: string): string {
  return `case ${action} when 'deactivate' then 'reactivate' when 'reactivate' then 'deactivate' else ${action} end`
}

/** Gives the fields that `before` names the values it holds, the others their own. */
function buildAssignments(dataType: DataType, before: string): string {
  const fields = storedFields(dataType).map((field) => {
    const column = quoteName(columnOf(field))
    const value = parseJson(getField(dataType, field), before, quoteLiteral(field))
    return `${column} = case when ${before} ? ${quoteLiteral(field)} then ${value} else r.${column} end`
  })
  const name = `substr(key, ${customFieldPrefix.length + 1})`
  return [
    ...fields,
    `custom_fields = (
        select case when count(*) = 0 then r.custom_fields
          else nullif(jsonb_strip_nulls(coalesce(r.custom_fields, '{}') || jsonb_object_agg(${name}, value)), '{}') end
        from jsonb_each(${before}) where starts_with(key, ${quoteLiteral(customFieldPrefix)}))`,
    `status = coalesce(${before} ->> 'status', r.status)`,
  ].join(',\n        ')
}
