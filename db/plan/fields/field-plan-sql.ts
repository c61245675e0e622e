import { columnOf, keyField, type DataType } from '../../../domain/data-types/define-data-type.ts'
import { isOfSchool, quoteName, schoolOf } from '../../fields/field-sql.ts'
import { quoteLiteral } from '../../fields/quote-literal.ts'
import { buildChanges, isAnyDifferent, listComparedFields } from '../../records/compared-fields.ts'
import { planReason } from '../../staging/plan-reason.ts'
import { stagedKind, type StagedParts } from '../../staging/staged-parts.ts'
import type { PlanShape } from '../plan-sql.ts'

/**
 * Plans the staged rows of a field import: none creates, deactivates or reactivates, and what changes nothing gets no row. A
 * row finds its record by the field `matchBy`, whose value was staged as the key of the row; of several records the active one.
 */
export function buildFieldMatchSql(
  dataType: DataType,
  parts: StagedParts,
  matchBy: string,
  { district, run, planNo, schools, overwriteWithBlank }: PlanShape,
): string {
  const records = quoteName(dataType.table)
  // What the row is found by is staged as its key, and is not the source's own key of the record.
  const fields = listComparedFields(dataType, parts, overwriteWithBlank).filter(
    ({ name }) => name !== quoteLiteral(keyField),
  )
  const isOtherSchool = schools === null ? 'false' : `not coalesce(${isOfSchool(dataType, 'r', schools)}, false)`
  return `
    with held as (${selectHeld(dataType, matchBy, district, run)})
    insert into plan_rows (district_id, run_id, plan_no, seq, action, record_id, school_id, revision, reason, changes)
    select ${district}, ${run}, ${planNo}, seq, action,
      case when action <> 'skip' then record_id end, school_id, case when action <> 'skip' then revision end, reason,
      case when action = 'update' then changes end
    from (
      select *, case when reason is not null then 'skip' else 'update' end as action
      from (
        select s.seq, r.id as record_id, r.revision, ${schoolOf(dataType, 'r')} as school_id,
          case when ${isAnyDifferent(fields)} then ${buildChanges(fields)} end as changes,
          case
            when r.id is null then '${planReason.unknownId}'
            when held.actives > 1 then '${planReason.severalRecords}'
            when ${isOtherSchool} then '${planReason.otherSchool}'
            when r.status <> 'active' then '${planReason.inactiveRecord}'
          end as reason
        from ${quoteName(dataType.stagedTable)} s
        left join held on held.key = s.source_key collate "C"
        left join ${records} r on r.id = held.id
        where s.run_id = ${run} and s.kind = ${stagedKind.fields}
        offset 0
      ) as compared
      where reason is not null or changes is not null
      offset 0
    ) as planned`
}

/** As `key`, `id` and `actives`: each value of the field among the rows, the record that it leads to, and how many are active. */
function selectHeld(dataType: DataType, matchBy: string, district: string, run: string): string {
  const value = `r.${quoteName(columnOf(matchBy))}`
  const isOurs = `r.district_id = (select ${district}) and ${value} is not null`
  // The first key is unique: there is nothing to gather.
  if (matchBy === dataType.matchKeys[0]) {
    return `select ${value} collate "C" as key, r.id, 1 as actives from ${quoteName(dataType.table)} r where ${isOurs}`
  }
  return `select ${value} collate "C" as key, (array_agg(r.id order by r.status = 'active' desc, r.id))[1] as id,
      count(*) filter (where r.status = 'active') as actives
    from ${quoteName(dataType.table)} r
    where ${isOurs} and ${value} collate "C" in (select source_key from ${quoteName(dataType.stagedTable)} where run_id = ${run})
    group by 1`
}

/** Of rows that lead to nobody: those whose digits lead to somebody with zeros before them. */
export function buildLostZerosSql(dataType: DataType, matchBy: string, { district, run, planNo }: PlanShape): string {
  const value = `r.${quoteName(columnOf(matchBy))}`
  return `
    update plan_rows p set reason = '${planReason.lostZeros}'
    from ${quoteName(dataType.stagedTable)} s
    where p.run_id = ${run} and p.plan_no = ${planNo} and p.reason = '${planReason.unknownId}'
      and s.run_id = ${run} and s.seq = p.seq and s.source_key ~ '^[1-9][0-9]*$'
      and s.source_key in (
        select ltrim(${value}, '0') from ${quoteName(dataType.table)} r
        where r.district_id = (select ${district}) and starts_with(${value}, '0'))`
}

/** As `count`: updates that take a value away or replace it. To fill what was blank endangers nothing. */
export function buildOverwritesSql({ run, planNo }: PlanShape): string {
  return `
    select count(*)::int as count from plan_rows
    where run_id = ${run} and plan_no = ${planNo} and action = 'update'
      and exists (select from jsonb_each(changes) c where c.value -> 0 <> 'null')`
}

/** As `count`: updates that bring a record to another school. */
export function buildMovesSql({ schoolField }: DataType, { run, planNo }: PlanShape): string {
  return `
    select count(*)::int as count from plan_rows
    where run_id = ${run} and plan_no = ${planNo} and action = 'update' and changes ? ${quoteLiteral(schoolField ?? '')}`
}
