import { columnOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import { quoteName, schoolOf } from '../fields/field-sql.ts'
import { partBit, stagedKind } from '../staging/staged-parts.ts'
import { planReason } from '../staging/plan-reason.ts'
import type { PlanShape } from './plan-sql.ts'
import { isCreatable } from '../staging/planned-creates.ts'

/**
 * `sameRecord`: several staged rows that claim one record. The one whose keys are all the record's keeps it, and the
 * others are skipped. Is there none, then withdrawn rows yield to the one that is not; several of those are an
 * identity conflict. A supplement alone that loses was only a supplement: its row goes. `sameFirstKey`: several staged
 * rows with one first key; all are skipped. Each gives as `count` how many it met.
 */
export function buildClaimsSql(dataType: DataType, { district, run, planNo }: PlanShape) {
  const [firstKey] = dataType.matchKeys
  const key = quoteName(columnOf(firstKey))
  const isPrimary = `s.parts & ${partBit.primary} <> 0`
  const sameRecord = `
    with claimed as (
      select record_id from plan_rows
      where run_id = ${run} and plan_no = ${planNo} and action in ('update', 'deactivate', 'reactivate', 'unchanged')
      group by record_id having count(*) > 1
    ), claims as (
      select p.seq, p.record_id, ${isPrimary} as is_primary, ${isPrimary} and p.action <> 'deactivate' as is_rival,
        ${isPrimary} and ${agreeWholly(dataType)} as is_owner, given.seq is not null as is_given
      from claimed
      join plan_rows p on p.run_id = ${run} and p.plan_no = ${planNo} and p.record_id = claimed.record_id
        and p.action in ('update', 'deactivate', 'reactivate', 'unchanged')
      join ${quoteName(dataType.stagedTable)} s on s.run_id = ${run} and s.seq = p.seq
      join ${quoteName(dataType.table)} r on r.id = p.record_id
      left join given_matches given on given.run_id = ${run} and given.seq = p.seq
    ), counted as (
      select *, count(*) filter (where is_owner) over claim as owners, count(*) filter (where is_rival) over claim as rivals,
        row_number() over (partition by record_id order by is_primary desc, seq) as place
      from claims window claim as (partition by record_id)
    ), losers as (
      select *, case
          when owners = 0 and rivals > 1 and is_rival then '${planReason.identityConflict}'
          when is_given or owners = 0 then '${planReason.alias}'
          else '${planReason.sameKey}' end as reason
      from counted
      where not case when owners > 0 then is_owner and owners = 1
        when rivals > 0 then is_rival and rivals = 1
        else place = 1 end
    ), skipped as (
      update plan_rows p
      set action = 'skip', record_id = null, revision = null, changes = null, reason = losers.reason
      from losers where p.run_id = ${run} and p.plan_no = ${planNo} and p.seq = losers.seq and losers.is_primary
    ), dropped as (
      delete from plan_rows p using losers
      where p.run_id = ${run} and p.plan_no = ${planNo} and p.seq = losers.seq and not losers.is_primary
    )
    select count(*) from losers`
  const sameFirstKey = `
    with twice as (
      select ${key} from ${quoteName(dataType.stagedTable)}
      where run_id = ${run} and kind in (${stagedKind.active}, ${stagedKind.inactive}) and ${key} is not null
      group by ${key} having count(*) > 1
    ), rivals as (
      insert into plan_rows (district_id, run_id, plan_no, seq, action, school_id, reason)
      select ${district}, ${run}, ${planNo}, s.seq, 'skip', ${schoolOf(dataType, 's')}, '${planReason.sameKey}'
      from twice join ${quoteName(dataType.stagedTable)} s on s.run_id = ${run} and s.${key} = twice.${key}
      left join plan_rows p on p.run_id = ${run} and p.plan_no = ${planNo} and p.seq = s.seq
      where p.seq is not null or (${isCreatable})
      on conflict (run_id, plan_no, seq) do update
        set action = excluded.action, reason = excluded.reason, record_id = null, revision = null, changes = null
    )
    select count(*) from twice`
  return { sameRecord, sameFirstKey }
}

/** The first key of the staged row `s` is that of the record `r`, and no other speaks against it. */
function agreeWholly({ matchKeys }: DataType): string {
  const agreed = matchKeys.map((field, index) => {
    const key = quoteName(columnOf(field))
    return index === 0 ? `s.${key} = r.${key}` : `(s.${key} = r.${key}) is not false`
  })
  return `coalesce(${agreed.join(' and ')}, false)`
}
