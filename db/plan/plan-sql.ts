import { columnOf, getField, type DataType } from '../../domain/data-types/define-data-type.ts'
import {
  isAmongChoices,
  isOfSchool,
  isOnlyOfSchools,
  listLosableReferences,
  quoteName,
  schoolOf,
} from '../fields/field-sql.ts'
import { quoteLiteral } from '../fields/quote-literal.ts'
import { partBit, stagedKind, type StagedParts } from '../staging/staged-parts.ts'
import { planReason } from '../staging/plan-reason.ts'
import { buildCreatesSql } from '../staging/planned-creates.ts'
import { freshParts, isOlder } from '../records/source-times.ts'
import { buildChanges, isAnyDifferent, listComparedFields } from '../records/compared-fields.ts'

/** What shapes the statements of one plan. Ids are SQL literals with their cast, so that the planner knows them. */
export type PlanShape = {
  readonly district: string
  readonly run: string
  readonly planNo: string
  readonly connection: string
  readonly fingerprint: string
  /** Snapshot in which staging read the held digests; null when it cannot say which of them the input did not show. */
  readonly heldSnapshot: string | null
  /** Null: all of them. */
  readonly schools: string | null
  /** Our schools that the source has none for, so that it says nothing of who belongs to them; null where there is none. */
  readonly outside: string | null
  readonly overwriteWithBlank: boolean
  /** Every current record was in the input. */
  readonly isComplete: boolean
  /** The input carries changes only, each with its time. */
  readonly isDelta: boolean
  /** What the source changed before then, a complete input showed since; null when none says. */
  readonly wholeAsOf: string | null
}

/**
 * Plans the staged rows: which record each stands for, and what follows for it; a create is left without a row. A row
 * whose record is given (given_matches) needs no key.
 */
export function buildMatchSql(dataType: DataType, parts: StagedParts, shape: PlanShape): string {
  const { district, run, connection, fingerprint } = shape
  const records = quoteName(dataType.table)
  const fields = listComparedFields(dataType, parts, shape.overwriteWithBlank, 'fresh.parts')
  const isOlderRow = shape.isDelta ? isOlder('primary', shape) : 'false'
  const isOlderSupplement = shape.isDelta ? isOlder('supplement', shape) : 'false'

  const required = Object.entries(dataType.fields).filter(([, { presence }]) => presence === 'required')
  const isMissing = required.map(([field]) => `s.${quoteName(columnOf(field))} is null`).join(' or ')
  // The school a row is counted at: ours where we hold the record, so that a limit sees it leave.
  const school = `case when r.id is null then ${schoolOf(dataType, 's')} else ${schoolOf(dataType, 'r')} end`
  const isOutside = ['s.outside_school is not null', ...isHeldOutside(dataType, shape.outside)].join(' or ')
  const isOtherSchool = shape.schools === null ? 'false' : `not (${isInScope(dataType, shape.schools)})`
  // What only rows of another collection say, of a record that has none of it any more: nothing else would tell.
  const isGatheredMissing = listGatheredRequired(dataType, parts)
    .map((column) => `s.${column} is null`)
    .join(' or ')
  // The record's own row is in this input, unchanged, and therefore was not staged. Asked as "in", which is one hash of
  // what was not met whatever the planner knows of it; as a join it became a loop over all of them for each staged row.
  const wasMetUnchanged =
    shape.heldSnapshot === null
      ? 'false'
      : `(r.connection_id = ${connection} and r.mapping_fingerprint = ${fingerprint} and r.status = 'active'
          and r.primary_digest is not null
          and r.primary_digest not in (select primary_digest from staged_unseen where run_id = ${run})
          and s.primary_digest is distinct from r.primary_digest)`
  const isSupplementOf = shape.isComplete ? wasMetUnchanged : `r.status = 'active'`

  // "offset 0" keeps the planner from pulling the steps together: it would repeat every comparison in every place
  // that names its result.
  return `
    insert into plan_rows (district_id, run_id, plan_no, seq, action, record_id, school_id, revision, reason, changes)
    select ${district}, ${run}, ${shape.planNo}, seq, action,
      case when action <> 'skip' then record_id end,
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
        select s.seq, r.id as record_id, r.revision, r.status, ${school} as school_id,
          case when r.id is not null and s.kind = ${stagedKind.active} and (${isAnyDifferent(fields)})
            then ${buildChanges(fields)} end as changes,
          case
            -- Before everything else: what is wrong with a row of a school that is not imported is nobody's trouble here.
            when ${isOutside} then '${planReason.outsideSchool}'
            when ${isOtherSchool} then '${planReason.otherSchool}'
            ${unresolvedCase(dataType)}
            ${isGatheredMissing === '' ? '' : `when s.parts & ${partBit.gathered} <> 0 and s.kind = ${stagedKind.active} and r.id is not null and (${isGatheredMissing}) then '${planReason.missingRequired}'`}
            when s.parts & ${partBit.primary} = 0 then case when ${isOlderSupplement} then '${planReason.older}' end
            when given.seq is null and (${matchesTwoRecords(dataType, district)}) then '${planReason.ambiguousKey}'
            when ${wasMetUnchanged} then case when given.seq is null then '${planReason.sameKey}' else '${planReason.alias}' end
            when given.seq is null and (${leadsToTwoRecords(dataType)}) then '${planReason.identityConflict}'
            when ${isOlderRow} then '${planReason.older}'
            when s.kind = ${stagedKind.inactive} and r.id is null and ${String(shape.isDelta)} then '${planReason.notKnown}'
            when s.kind = ${stagedKind.inactive} and r.status = 'active' then '${planReason.withdrawn}'
            when s.kind = ${stagedKind.inactive} then '${planReason.notHeld}'
            when r.id is null and (${isMissing}) then '${planReason.missingRequired}'
          end as reason
        from ${quoteName(dataType.stagedTable)} s
        left join given_matches given on given.run_id = ${run} and given.seq = s.seq
        ${joinByKeys(dataType, district).join('\n        ')}
        left join ${records} r on r.id = ${firstMatch(dataType)}
        cross join lateral (select ${shape.isDelta ? freshParts(shape) : 's.parts'} as parts) fresh
        where s.run_id = ${run} and s.kind in (${stagedKind.active}, ${stagedKind.inactive})
          -- A supplement alone changes a record whose own row is in the input, or any active one when the input is not whole.
          and (s.parts & ${partBit.primary} <> 0 or (${isSupplementOf}))
        offset 0
      ) as compared
      offset 0
    ) as planned
    where action <> 'create'`
}

/** A row without a school of its own (withdrawn, or an addition to a record) is of the school of its record. */
function isHeldOutside(dataType: DataType, outside: string | null): readonly string[] {
  if (outside === null) return []
  const [staged, held] = [isOnlyOfSchools(dataType, 's', outside), isOnlyOfSchools(dataType, 'r', outside)]
  return [`coalesce(${staged}, ${held}, false)`]
}

/** Whether the row, or the record that it keeps its school by, is of a school whose records are imported. */
function isInScope(dataType: DataType, schools: string): string {
  const { schoolField } = dataType
  if (schoolField === null) return 'true'
  const [staged, held] = [isOfSchool(dataType, 's', schools), isOfSchool(dataType, 'r', schools)]
  const byRow = `coalesce(${staged}, ${held})`
  if (getField(dataType, schoolField).isChosen !== true) return byRow
  return `case when ${isAmongChoices(schoolField)} then ${held} else ${byRow} end`
}

/**
 * A required reference of the row leads to nothing that we hold: of a list, every one of them. Before everything else, so
 * that what a row says of others is not applied in part.
 */
function unresolvedCase(dataType: DataType): string {
  const lost = listLosableReferences(dataType)
    .filter(({ field }) => field.presence === 'required')
    .map(({ name }) => `(${quoteLiteral(name)} = any (s.unresolved) and s.${quoteName(columnOf(name))} is null)`)
  if (lost.length === 0) return ''
  return `when s.unresolved is not null and s.kind = ${stagedKind.active} and (${lost.join(' or ')}) then '${planReason.unresolved}'`
}

function listGatheredRequired(dataType: DataType, { gathered }: StagedParts): string[] {
  return (gathered?.fields ?? [])
    .filter((name) => getField(dataType, name).presence === 'required')
    .map((name) => quoteName(columnOf(name)))
}

/**
 * A later key is tried where none before it matched, or where the record that did has another one: an exact key is
 * evidence, and another key may speak against it. It may be held twice: then the first such record is joined.
 */
function joinByKeys(dataType: DataType, district: string): string[] {
  const records = quoteName(dataType.table)
  return dataType.matchKeys.map((field, index) => {
    const key = quoteName(columnOf(field))
    const alias = `k${index}`
    const isAgreed = Array.from({ length: index }, (_, earlier) => `k${earlier}.${key} = s.${key}`).join(' or ')
    // As a value and not as a condition, so that a row whose match has this key too is spared the search.
    const sought = index === 0 ? `s.${key}` : `case when (${isAgreed}) is not true then s.${key} end`
    const isFirst = index === 0 ? '' : ` and not ${hasTwin(dataType, index, '<', district)}`
    const isOurs = `${alias}.district_id = ${hideFromPlanner(district)}`
    return `left join ${records} ${alias} on ${isOurs} and ${alias}.${key} = ${sought}${isFirst}`
  })
}

/**
 * Not coalesce: row-level security takes that for a function that might tell what it was given, and would not let it
 * near the index.
 */
function firstMatch(dataType: DataType): string {
  const cases = dataType.matchKeys.map((_, index) => `when k${index}.id is not null then k${index}.id`)
  return `case when given.seq is not null then given.record_id ${cases.join(' ')} end`
}

/**
 * A district that has just got its first records is not in the planner's statistics, which then say that it has none:
 * told the id, the planner takes any index that begins with it and reads the whole district for each staged row. Not
 * told, it reckons with an average district.
 */
function hideFromPlanner(literal: string): string {
  return `(select ${literal})`
}

function matchesTwoRecords(dataType: DataType, district: string): string {
  const twins = dataType.matchKeys.flatMap((_, index) =>
    index === 0 ? [] : [`(k${index}.id is not null and ${hasTwin(dataType, index, '>', district)})`],
  )
  return twins.length === 0 ? 'false' : twins.join(' or ')
}

/** True where two keys of a row lead to two records. */
function leadsToTwoRecords({ matchKeys }: DataType): string {
  const pairs = matchKeys.flatMap((_, later) =>
    Array.from({ length: later }, (_, earlier) => `k${earlier}.id <> k${later}.id`),
  )
  return pairs.join(' or ') || 'false'
}

function hasTwin(dataType: DataType, index: number, order: '<' | '>', district: string): string {
  const key = quoteName(columnOf(dataType.matchKeys[index] ?? dataType.matchKeys[0]))
  return `exists (select from ${quoteName(dataType.table)} twin where twin.district_id = ${hideFromPlanner(district)}
          and twin.${key} = k${index}.${key} and twin.id ${order} k${index}.id)`
}

/**
 * Active records that a complete input does not have. Under the run's own source those whose digest was not met; of
 * the others every one. A record that any row of the input names, be it a rejected one or under an alias, is not absent; nor is one that
 * somebody edited after this run had read the digests, because its digest is gone for that reason alone.
 */
export function buildAbsentSql(dataType: DataType, shape: PlanShape): string {
  const { district, run, planNo, connection, fingerprint } = shape
  const staged = quoteName(dataType.stagedTable)
  const isInSchools = shape.schools === null ? 'true' : isOfSchool(dataType, 'r', shape.schools)
  const isUnderSource = `(r.primary_digest is not null and r.connection_id = ${connection} and r.mapping_fingerprint = ${fingerprint})`
  const wasNotMet =
    shape.heldSnapshot === null
      ? 'true'
      : `case when ${isUnderSource} then unseen.primary_digest is not null
        else r.edited_xid is null or pg_visible_in_snapshot(r.edited_xid, ${shape.heldSnapshot}) end`
  const isOutside =
    shape.outside === null ? 'false' : `coalesce(${isOnlyOfSchools(dataType, 'r', shape.outside)}, false)`
  const isUnnamed = dataType.matchKeys.map((field) => {
    const key = quoteName(columnOf(field))
    return `not exists (select from ${staged} s
          where s.run_id = ${run} and s.parts & ${partBit.primary} <> 0 and s.${key} = r.${key})`
  })
  return `
    insert into plan_rows (district_id, run_id, plan_no, seq, action, record_id, school_id, revision, reason)
    select ${district}, ${run}, ${planNo},
      (select coalesce(max(seq), 0) from ${staged} where run_id = ${run}) + row_number() over (),
      'deactivate', r.id, ${schoolOf(dataType, 'r')}, r.revision, '${planReason.absent}'
    from ${quoteName(dataType.table)} r
    left join (select distinct primary_digest from staged_unseen where run_id = ${run}) unseen
      on unseen.primary_digest = r.primary_digest
    where r.district_id = ${district} and r.status = 'active' and ${isInSchools} and not ${isOutside}
      and ${wasNotMet}
      and ${isUnnamed.join('\n      and ')}
      and not exists (select from given_matches given where given.run_id = ${run} and given.record_id = r.id)`
}

/** Turns what would change or deactivate a record into skips: only additions pass. A reactivation is one. */
export function buildAdditionsOnlySql({ run, planNo }: PlanShape): string {
  return `
    update plan_rows
    set action = 'skip', reason = '${planReason.additionsOnly}', record_id = null, revision = null, changes = null
    where run_id = ${run} and plan_no = ${planNo} and action in ('update', 'deactivate')`
}

/** As `count`: creates that look like a record which the same plan deactivates. */
export function buildResemblingSql(dataType: DataType, { run, planNo }: PlanShape): string {
  const planned = `p.run_id = ${run} and p.plan_no = ${planNo}`
  const alike = dataType.resemblance.map((group) => {
    const isAlike = group.map((field) => `s.${quoteName(columnOf(field))} = r.${quoteName(columnOf(field))}`)
    return `
      select created.seq from created join ${quoteName(dataType.stagedTable)} s
        on s.run_id = ${run} and s.seq = created.seq
      join (gone join ${quoteName(dataType.table)} r on r.id = gone.record_id) on ${isAlike.join(' and ')}`
  })
  return `
    with created as (${buildCreatesSql(dataType, { run, planNo })}),
    gone as (select record_id from plan_rows p where ${planned} and action = 'deactivate')
    select count(*) from (${alike.join('\n      union') || 'select where false'}) as resembling`
}

/** As `count`: updates that give a record another first key. */
export function buildRekeyedSql(dataType: DataType, { run, planNo }: PlanShape): string {
  return `
    select count(*) from plan_rows
    where run_id = ${run} and plan_no = ${planNo} and action in ('update', 'reactivate')
      and changes ? '${dataType.matchKeys[0]}'`
}
