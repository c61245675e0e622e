import { sql, type RawBuilder, type Transaction } from 'kysely'
import { keyField, columnOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import type { ImportSettings } from '../../domain/plan/import-settings.ts'
import type { Database } from '../database.ts'
import type { RunRow } from '../import/runs.ts'
import { quoteLiteral } from '../fields/quote-literal.ts'
import { isOfSchool } from '../fields/field-sql.ts'
import { partBit, stagedKind } from '../staging/staged-parts.ts'
import { leavingOut } from '../staging/plan-reason.ts'

export type NotImportedCount = { readonly rule: string; readonly newCount: number; readonly heldCount: number }

/**
 * Brings the list of records that the source sends and nobody has taken in step with a run that was applied: those that
 * its input shows again are judged by it, and an input that is not a delta shows them all. Safe to run twice.
 *
 * Left out is a row that an error finding refused, unless another row of the same record was taken, and a row that the
 * plan skips for a mistake of the source (`leavingOut`); never one of a school whose records are not imported. A row
 * without an id is somebody new. With several errors a row counts once, under the rule whose id comes first; a second
 * row that only repeats another has no error and is not left out.
 */
export async function refreshNotImported(
  trx: Transaction<Database>,
  request: { readonly run: RunRow; readonly dataType: DataType; readonly schools: ImportSettings['schools'] },
): Promise<void> {
  const { run, dataType } = request
  const staged = sql.table(dataType.stagedTable)
  const wasShown =
    run.staging?.isDelta === true
      ? sql`(run_id = ${run.id} or exists (select from ${staged} s where s.run_id = ${run.id}
          and s.parts & ${partBit.primary} <> 0 and s.${keyColumn} = not_imported.source_key))`
      : sql`true`
  await sql`
    delete from not_imported
    where district_id = ${run.districtId} and data_type = ${dataType.name} and ${wasShown}`.execute(trx)
  if ((run.findingCounts.error ?? 0) > 0) await insertRefused(trx, request)
  await insertSkipped(trx, request)
}

/** By rule, in the order of their ids. */
export async function countNotImported(
  trx: Transaction<Database>,
  { districtId, dataType }: { readonly districtId: string; readonly dataType: string },
): Promise<NotImportedCount[]> {
  const { rows } = await sql<NotImportedCount>`
    select rule, count(*) filter (where not is_held)::int as "newCount", count(*) filter (where is_held)::int as "heldCount"
    from not_imported where district_id = ${districtId} and data_type = ${dataType}
    group by rule order by rule collate "C"`.execute(trx)
  return rows
}

type Refresh = Parameters<typeof refreshNotImported>[1]

const keyColumn = sql.ref(columnOf(keyField))

async function insertRefused(trx: Transaction<Database>, { run, dataType, schools }: Refresh): Promise<void> {
  const file = run.staging?.recordsFile
  // Runs that were staged by an earlier release do not know; one more finding of another file does no harm there.
  const isOfRecords = file === undefined ? sql`true` : sql`lower(f.file) = ${file.toLowerCase()}`
  await sql`
    with refused as (
      select s.* from ${sql.table(dataType.stagedTable)} s
      where s.run_id = ${run.id} and s.kind in (${stagedKind.rejected}, ${stagedKind.contested})
        and s.parts & ${partBit.primary} <> 0
    ), told as (
      select f.line, min(f.rule collate "C") as rule from run_findings f
      where f.run_id = ${run.id} and f.step = 'stage' and f.severity = 'error' and ${isOfRecords}
      group by f.line
    ), taken as (${selectTaken(run, dataType)})
    insert into not_imported (district_id, data_type, source_key, run_id, line, rule, is_held)
    select distinct on (s.${keyColumn}, case when s.${keyColumn} is null then s.line end)
      s.district_id, ${dataType.name}, s.${keyColumn}, s.run_id, s.line, told.rule, ${isHeld(dataType)}
    from refused s join told on told.line = s.line
    where (s.kind = ${stagedKind.contested} or s.${keyColumn} is null
        or s.${keyColumn} not in (select taken.source_key from taken))
      and s.outside_school is null and ${isOfSchools(dataType, schools)}
    order by s.${keyColumn}, case when s.${keyColumn} is null then s.line end, told.rule, s.line`.execute(trx)
}

/** Keys of refused rows whose record came in by another row, one that changed or one that we hold as it is. */
function selectTaken(run: RunRow, dataType: DataType): RawBuilder<unknown> {
  const { isComplete = false, comparedDigests = false, isDelta = false } = run.staging ?? {}
  const byChange = sql`
    select s.${keyColumn} as source_key from ${sql.table(dataType.stagedTable)} s
    where s.run_id = ${run.id} and s.kind in (${stagedKind.active}, ${stagedKind.inactive})
      and s.parts & ${partBit.primary} <> 0 and s.${keyColumn} in (select refused.${keyColumn} from refused)`
  // Of an input that is not whole, nobody wrote down which digests it showed.
  if (!isComplete || isDelta || !comparedDigests) return byChange
  return sql`${byChange}
    union all
    select r.${keyColumn} from ${sql.table(dataType.table)} r
    where r.district_id = (select ${run.districtId}::uuid) and r.${keyColumn} in (select refused.${keyColumn} from refused)
      and r.status = 'active' and r.connection_id = ${run.connectionId}
      and r.mapping_fingerprint = ${run.mappingFingerprint}::bigint and r.primary_digest is not null
      and not exists (select from staged_unseen u where u.run_id = ${run.id} and u.primary_digest = r.primary_digest)`
}

async function insertSkipped(trx: Transaction<Database>, { run, dataType, schools }: Refresh): Promise<void> {
  await sql`
    insert into not_imported (district_id, data_type, source_key, run_id, line, rule, is_held)
    select s.district_id, ${dataType.name}, s.${keyColumn}, s.run_id, s.line, told.rule, ${isHeld(dataType)}
    from plan_rows p
    join unnest(${leavingOut.map(({ reason }) => reason)}::text[], ${leavingOut.map(({ rule }) => rule)}::text[])
      as told (reason, rule) on told.reason = p.reason
    join ${sql.table(dataType.stagedTable)} s on s.run_id = p.run_id and s.seq = p.seq
    where p.run_id = ${run.id} and p.plan_no = ${run.planNo} and p.action = 'skip'
      -- What is asked about has an alert of its own.
      and not exists (select from duplicate_finds f where f.run_id = p.run_id and f.seq = p.seq)
      and ${isOfSchools(dataType, schools)}`.execute(trx)
}

/** Whether we hold, active or not, a record that has a key of the staged row `s`, or had it. */
function isHeld(dataType: DataType): RawBuilder<boolean> {
  const held = dataType.matchKeys.map((field) => {
    const key = sql.ref(columnOf(field))
    return sql`exists (select from ${sql.table(dataType.table)} r
      where r.district_id = s.district_id and r.${key} = s.${key})`
  })
  return sql<boolean>`(${sql.join(held, sql` or `)}
    or exists (select from given_matches g where g.run_id = s.run_id and g.seq = s.seq and g.record_id is not null))`
}

/** False of a staged row `s` that is known to be of a school whose records are not imported. */
function isOfSchools(dataType: DataType, schools: ImportSettings['schools']): RawBuilder<boolean> {
  if (schools === 'all' || dataType.schoolField === null) return sql<boolean>`true`
  const chosen = `${quoteLiteral(`{${schools.join(',')}}`)}::uuid[]`
  // Of its own school where it names one, else of the school of the record that it is about.
  return sql<boolean>`coalesce(${sql.raw(isOfSchool(dataType, 's', chosen))}, (
      select ${sql.raw(isOfSchool(dataType, 'r', chosen))} from ${sql.table(dataType.table)} r
      where r.district_id = s.district_id and r.${keyColumn} = s.${keyColumn} limit 1
    ), true)`
}
