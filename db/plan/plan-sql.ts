import { columnOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import { partBit, quoteName, stagedKind, type StagedParts } from '../staging/staged-parts.ts'
import { buildChanges, isAnyDifferent, listComparedFields } from './compared-fields.ts'

/** Why a row of a plan is skipped, or a record deactivated; `plan_rows.reason`. */
export const planReason = {
  /** The source withdrew a record that we do not hold as active. */
  notHeld: 'notHeld',
  /** Another row of the input claims the same record or the same id. */
  sameKey: 'sameKey',
  /** Two records that we hold have the row's source key. */
  ambiguousKey: 'ambiguousKey',
  missingRequired: 'missingRequired',
  /** The import is limited to other schools. */
  otherSchool: 'otherSchool',
  /** A complete input does not have the record. */
  absent: 'absent',
  withdrawn: 'withdrawn',
} as const

/** What shapes the statements of one plan. Ids are SQL literals with their cast, so that the planner knows them. */
export type PlanShape = {
  readonly district: string
  readonly run: string
  readonly planNo: string
  readonly connection: string
  readonly fingerprint: string
  /** Snapshot in which staging read the held digests; null when it read none. */
  readonly heldSnapshot: string | null
  /** Null: all of them. */
  readonly schools: string | null
  readonly overwriteWithBlank: boolean
  readonly isDelta: boolean
}

/** Plans every staged row: which record it stands for, and what follows for it. */
export function buildMatchSql(dataType: DataType, parts: StagedParts, shape: PlanShape): string {
  const { district, run, connection, fingerprint } = shape
  const records = quoteName(dataType.table)
  const fields = listComparedFields(dataType, parts, shape.overwriteWithBlank)
  const school = dataType.schoolField === undefined ? undefined : quoteName(columnOf(dataType.schoolField))

  const required = Object.entries(dataType.fields).filter(([, { presence }]) => presence === 'required')
  const isMissing = required.map(([field]) => `s.${quoteName(columnOf(field))} is null`).join(' or ')
  // The school a row is counted at: ours where we hold the record, so that a limit sees it leave.
  const schoolOf = school === undefined ? 'null::uuid' : `case when r.id is null then s.${school} else r.${school} end`
  const isOtherSchool =
    shape.schools === null || school === undefined
      ? 'false'
      : `not (coalesce(s.${school}, r.${school}) = any (${shape.schools}))`
  // The record's own row is in this input, unchanged, and therefore was not staged.
  const wasMetUnchanged =
    shape.heldSnapshot === null
      ? 'false'
      : `(r.connection_id = ${connection} and r.mapping_fingerprint = ${fingerprint} and r.status = 'active'
          and r.primary_digest is not null and unseen.primary_digest is null
          and s.primary_digest is distinct from r.primary_digest)`
  const isSupplementOf = shape.isDelta ? `r.status = 'active'` : wasMetUnchanged

  // "offset 0" keeps the planner from pulling the steps together: it would repeat every comparison in every place
  // that names its result.
  return `
    insert into plan_rows (district_id, run_id, plan_no, seq, action, record_id, school_id, revision, reason, changes)
    select ${district}, ${run}, ${shape.planNo}, seq, action,
      case when action = 'create' then uuidv7() when action <> 'skip' then record_id end,
      school_id, case when action <> 'skip' then revision end, reason,
      case when action in ('update', 'reactivate') then changes end
    from (
      select *, case
        when reason = '${planReason.withdrawn}' then 'deactivate'
        when reason is not null then 'skip'
        when record_id is null then 'create'
        when status = 'inactive' then 'reactivate'
        when changes is not null then 'update'
        else 'unchanged'
      end as action
      from (
        select s.seq, r.id as record_id, r.revision, r.status, ${schoolOf} as school_id,
          case when r.id is not null and s.kind = ${stagedKind.active} and (${isAnyDifferent(fields)})
            then ${buildChanges(fields)} end as changes,
          case
            when s.parts & ${partBit.primary} = 0 then null
            when ${isOtherSchool} then '${planReason.otherSchool}'
            when ${matchesTwoRecords(dataType, district)} then '${planReason.ambiguousKey}'
            when ${wasMetUnchanged} then '${planReason.sameKey}'
            when s.kind = ${stagedKind.inactive} and r.status = 'active' then '${planReason.withdrawn}'
            when s.kind = ${stagedKind.inactive} then '${planReason.notHeld}'
            when r.id is null and (${isMissing}) then '${planReason.missingRequired}'
          end as reason
        from ${quoteName(dataType.stagedTable)} s
        ${joinByKeys(dataType, district).join('\n        ')}
        left join ${records} r on r.id = coalesce(${listKeyAliases(dataType)
          .map((alias) => `${alias}.id`)
          .join(', ')})
        left join (select distinct primary_digest from staged_unseen where run_id = ${run}) unseen
          on unseen.primary_digest = r.primary_digest
        where s.run_id = ${run} and s.kind in (${stagedKind.active}, ${stagedKind.inactive})
          -- A supplement alone changes a record whose own row is in the input, or any active one when that is a delta.
          and (s.parts & ${partBit.primary} <> 0 or (${isSupplementOf}))
        offset 0
      ) as compared
      offset 0
    ) as planned`
}

/** `k0`, `k1` …: the record that a staged row matches by its first key, by its second … */
function listKeyAliases(dataType: DataType): string[] {
  return dataType.matchKeys.map((_, index) => `k${index}`)
}

/** A later key is tried where none before it matched. It may be held twice: then the first such record is joined. */
function joinByKeys(dataType: DataType, district: string): string[] {
  const records = quoteName(dataType.table)
  return dataType.matchKeys.map((field, index) => {
    const key = quoteName(columnOf(field))
    const alias = `k${index}`
    const on = [`${alias}.district_id = ${district}`, `${alias}.${key} = s.${key}`]
    for (let earlier = 0; earlier < index; earlier++) on.unshift(`k${earlier}.id is null`)
    if (index > 0) on.push(`not ${hasTwin(dataType, index, '<', district)}`)
    return `left join ${records} ${alias} on ${on.join(' and ')}`
  })
}

function matchesTwoRecords(dataType: DataType, district: string): string {
  const twins = dataType.matchKeys.flatMap((_, index) =>
    index === 0 ? [] : [`(k${index}.id is not null and ${hasTwin(dataType, index, '>', district)})`],
  )
  return twins.length === 0 ? 'false' : twins.join(' or ')
}

function hasTwin(dataType: DataType, index: number, order: '<' | '>', district: string): string {
  const key = quoteName(columnOf(dataType.matchKeys[index] ?? dataType.matchKeys[0]))
  return `exists (select from ${quoteName(dataType.table)} twin where twin.district_id = ${district}
          and twin.${key} = k${index}.${key} and twin.id ${order} k${index}.id)`
}

/**
 * Several staged rows that claim one record: the one that has its first key keeps it if it is alone in that, the
 * others are skipped. A supplement alone that loses was only a supplement: its row goes.
 */
export function buildClaimsSql(dataType: DataType, { run, planNo }: PlanShape): readonly string[] {
  const [firstKey] = dataType.matchKeys
  const key = quoteName(columnOf(firstKey))
  const losers = `
    with claimed as (
      select record_id from plan_rows
      where run_id = ${run} and plan_no = ${planNo} and action in ('update', 'deactivate', 'reactivate', 'unchanged')
      group by record_id having count(*) > 1
    ), claims as (
      select p.seq, s.parts, s.${key} = r.${key} as has_first_key,
        count(*) filter (where s.${key} = r.${key}) over (partition by p.record_id) as first_key_count
      from claimed
      join plan_rows p on p.run_id = ${run} and p.plan_no = ${planNo} and p.record_id = claimed.record_id
        and p.action in ('update', 'deactivate', 'reactivate', 'unchanged')
      join ${quoteName(dataType.stagedTable)} s on s.run_id = ${run} and s.seq = p.seq
      join ${quoteName(dataType.table)} r on r.id = p.record_id
    ), losers as (
      select seq, parts from claims where not (coalesce(has_first_key, false) and first_key_count = 1)
    ), skipped as (
      update plan_rows p
      set action = 'skip', reason = '${planReason.sameKey}', record_id = null, revision = null, changes = null
      from losers
      where p.run_id = ${run} and p.plan_no = ${planNo} and p.seq = losers.seq
        and losers.parts & ${partBit.primary} <> 0
    )
    delete from plan_rows p using losers
    where p.run_id = ${run} and p.plan_no = ${planNo} and p.seq = losers.seq and losers.parts & ${partBit.primary} = 0`
  const sameFirstKey = `
    with twice as (
      select ${key} from ${quoteName(dataType.stagedTable)}
      where run_id = ${run} and kind in (${stagedKind.active}, ${stagedKind.inactive}) and ${key} is not null
      group by ${key} having count(*) > 1
    )
    update plan_rows p
    set action = 'skip', reason = '${planReason.sameKey}', record_id = null, revision = null, changes = null
    from twice join ${quoteName(dataType.stagedTable)} s on s.run_id = ${run} and s.${key} = twice.${key}
      and s.kind in (${stagedKind.active}, ${stagedKind.inactive})
    where p.run_id = ${run} and p.plan_no = ${planNo} and p.seq = s.seq`
  return [losers, sameFirstKey]
}

/**
 * Active records that a complete input does not have. Under the run's own source those whose digest was not met; of
 * the others every one. A record that any row of the input names, be it a rejected one, is not absent; nor is one that
 * somebody edited after this run had read the digests, because its digest is gone for that reason alone.
 */
export function buildAbsentSql(dataType: DataType, shape: PlanShape): string {
  const { district, run, planNo, connection, fingerprint } = shape
  const staged = quoteName(dataType.stagedTable)
  const school = dataType.schoolField === undefined ? 'null::uuid' : `r.${quoteName(columnOf(dataType.schoolField))}`
  const isInScope = shape.schools === null ? 'true' : `${school} = any (${shape.schools})`
  const isUnderSource = `(r.primary_digest is not null and r.connection_id = ${connection} and r.mapping_fingerprint = ${fingerprint})`
  const wasNotMet =
    shape.heldSnapshot === null
      ? 'true'
      : `case when ${isUnderSource} then unseen.primary_digest is not null
        else r.edited_xid is null or pg_visible_in_snapshot(r.edited_xid, ${shape.heldSnapshot}) end`
  const isUnnamed = dataType.matchKeys.map((field) => {
    const key = quoteName(columnOf(field))
    return `not exists (select from ${staged} s
          where s.run_id = ${run} and s.parts & ${partBit.primary} <> 0 and s.${key} = r.${key})`
  })
  return `
    insert into plan_rows (district_id, run_id, plan_no, seq, action, record_id, school_id, revision, reason)
    select ${district}, ${run}, ${planNo},
      (select coalesce(max(seq), 0) from ${staged} where run_id = ${run}) + row_number() over (),
      'deactivate', r.id, ${school}, r.revision, '${planReason.absent}'
    from ${quoteName(dataType.table)} r
    left join (select distinct primary_digest from staged_unseen where run_id = ${run}) unseen
      on unseen.primary_digest = r.primary_digest
    where r.district_id = ${district} and r.status = 'active' and ${isInScope}
      and ${wasNotMet}
      and ${isUnnamed.join('\n      and ')}`
}

/** How many creates look like a record that the same plan deactivates, and how many updates change the first key. */
export function buildChangedIdsSql(dataType: DataType, { run, planNo }: PlanShape): string {
  const planned = `p.run_id = ${run} and p.plan_no = ${planNo}`
  const alike = dataType.resemblance.map((group) => {
    const isAlike = group.map((field) => `s.${quoteName(columnOf(field))} = r.${quoteName(columnOf(field))}`)
    return `
      select created.seq from created join ${quoteName(dataType.stagedTable)} s
        on s.run_id = ${run} and s.seq = created.seq
      join (gone join ${quoteName(dataType.table)} r on r.id = gone.record_id) on ${isAlike.join(' and ')}`
  })
  return `
    with created as (select seq from plan_rows p where ${planned} and action = 'create'),
    gone as (select record_id from plan_rows p where ${planned} and action = 'deactivate')
    select (select count(*) from (${alike.join('\n      union') || 'select where false'}) as resembling)
      + (select count(*) from plan_rows p where ${planned} and action in ('update', 'reactivate')
           and changes ? '${dataType.matchKeys[0]}') as count`
}
