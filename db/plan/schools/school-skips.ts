import { sql, type Transaction } from 'kysely'
import type { DataType } from '../../../domain/data-types/define-data-type.ts'
import type { Database } from '../../database.ts'
import type { RunRow } from '../../import/runs.ts'
import { schoolOf } from '../../fields/field-sql.ts'
import { planReason } from '../../staging/plan-reason.ts'
import type { SchoolSkipReason } from '../../tables/plans.ts'
import { sumCounts, type PlanCount } from '../plan-counts.ts'

/** How many rows of a school a run passed over, and of how many of them we hold the record: it stays as it is. */
export type SchoolSkip = {
  readonly runId: string
  readonly reason: SchoolSkipReason
  /** What the source calls the school, where it is none of ours. */
  readonly sourceKey: string | null
  /** Ours, else null. */
  readonly schoolId: string | null
  readonly name: string
  readonly rowCount: number
  readonly heldCount: number
}

/** Counts by school what the plan skips because of it. Those of an earlier plan of the run went when this one began. */
export async function insertSchoolSkips(
  trx: Transaction<Database>,
  dataType: DataType,
  { run, planNo, counts }: { readonly run: RunRow; readonly planNo: number; readonly counts: readonly PlanCount[] },
): Promise<void> {
  const reasons: readonly (string | null)[] = [planReason.outsideSchool, planReason.otherSchool]
  if (sumCounts(counts, ({ reason }) => reasons.includes(reason)) === 0) return
  await sql`
    insert into run_school_skips (district_id, run_id, reason, source_key, school_id, name, row_count, held_count)
    select ${run.districtId}, ${run.id}, case when skipped.reason = ${planReason.otherSchool} then 'notChosen'
        when c.state = 'leftOut' then 'leftOut' else 'notMatched' end,
      skipped.source_key, skipped.school_id, coalesce(c.name, o.name, ''), skipped.row_count, skipped.held_count
    from (
      select p.reason, s.outside_school as source_key,
        case when s.outside_school is null then coalesce(${sql.raw(schoolOf(dataType, 's'))}, p.school_id) end as school_id,
        count(*) as row_count,
        count(*) filter (where exists (select from ${sql.table(dataType.table)} r
          where r.district_id = ${run.districtId} and r.source_key = s.source_key and r.status = 'active')) as held_count
      from plan_rows p join ${sql.table(dataType.stagedTable)} s on s.run_id = p.run_id and s.seq = p.seq
      where p.run_id = ${run.id} and p.plan_no = ${planNo} and p.action = 'skip' and p.reason = any (${reasons}::text[])
      group by 1, 2, 3
    ) skipped
    left join connection_schools c on c.connection_id = ${run.connectionId} and c.source_key = skipped.source_key
    left join orgs o on o.id = skipped.school_id`.execute(trx)
}

/** What is told of the schools that are none of ours, each once; of those that are not chosen the settings tell. */
export const schoolRules = {
  notMatched: { rule: 'I-31', severity: 'warning' },
  leftOut: { rule: 'I-32', severity: 'info' },
} as const

export async function insertSchoolFindings(trx: Transaction<Database>, run: RunRow): Promise<void> {
  const told = ` rows are of this school, which %s. They are skipped, and nobody is deactivated for it%s.`
  const held = `; of %s of them we hold the record, which stays as it is`
  const why = {
    notMatched: `is matched to none of ours: match it, create it or leave it out (\`rollbook schools list\`)`,
    leftOut: 'is left out',
  }
  await sql`
    insert into run_findings (district_id, run_id, seq, step, rule, severity, source_id, message)
    select district_id, run_id,
      (select coalesce(max(seq), 0) from run_findings where run_id = ${run.id}) + row_number() over (order by name, source_key),
      'plan', case reason when 'leftOut' then ${schoolRules.leftOut.rule} else ${schoolRules.notMatched.rule} end,
      case reason when 'leftOut' then ${schoolRules.leftOut.severity} else ${schoolRules.notMatched.severity} end,
      source_key, concat_ws(': ', nullif(name, ''), row_count || format(${told}::text,
        case reason when 'leftOut' then ${why.leftOut} else ${why.notMatched} end,
        case when held_count > 0 then format(${held}::text, held_count) else '' end))
    from run_school_skips
    where run_id = ${run.id} and reason in ('notMatched', 'leftOut')`.execute(trx)
}

/** Of these runs, the schools with the most rows first, at most `mostOfEach` of a run. */
export async function listSchoolSkips(
  trx: Transaction<Database>,
  runIds: readonly string[],
  mostOfEach: number,
): Promise<SchoolSkip[]> {
  if (runIds.length === 0) return []
  const { rows } = await sql<SchoolSkip>`
    select run_id, reason, source_key, school_id, name, row_count, held_count from (
      select *, row_number() over (partition by run_id order by row_count desc, name, source_key, school_id) as place
      from run_school_skips where run_id = any (${runIds}::uuid[])
    ) counted where place <= ${mostOfEach} order by run_id, place`.execute(trx)
  return rows
}
