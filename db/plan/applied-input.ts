import { sql, type Transaction } from 'kysely'
import type { RunRow } from '../import/runs.ts'
import type { DataType } from '../../domain/data-types/define-data-type.ts'
import type { Database } from '../database.ts'
import { quoteName } from '../fields/field-sql.ts'
import { lostReferenceRules } from '../staging/plan-reason.ts'

/**
 * Remembers the run's input as what the records were last brought in step with, if the whole plan is applied (or
 * there was nothing to apply) and nobody changed the data type since. Otherwise does nothing. A run that only added
 * has not brought them in step: the same input has work left when the range of days is over. Nor has one with a reference
 * that leads nowhere: what it refers to may come in any day by an import of another data type.
 */
export async function recordAppliedInput(trx: Transaction<Database>, runId: string): Promise<void> {
  await sql`
    insert into dataset_versions as held
      (district_id, data_type, version, last_applied_sha256, last_applied_fingerprint)
    select district_id, data_type, coalesce(roster_version, 0), input_sha256, mapping_fingerprint
    from import_runs run
    where id = ${runId} and not is_additions_only and not is_field_import
      and not (findings_by_rule ?| ${Object.values(lostReferenceRules)}::text[]) and (
      select coalesce(sum(count), 0) from plan_counts where run_id = run.id and action <> 'skip'
    ) <= (
      select coalesce(sum(rows), 0) from applied_batches where run_id = run.id and plan_no = run.plan_no
    )
    on conflict (district_id, data_type) do update
      set last_applied_sha256 = excluded.last_applied_sha256, last_applied_fingerprint = excluded.last_applied_fingerprint
      where held.last_run_id = ${runId} or held.version = excluded.version`.execute(trx)
}

/** True when the records were last brought in step with these very bytes under this mapping, and nobody edited one since. */
export async function isAppliedInput(
  trx: Transaction<Database>,
  dataType: DataType,
  input: { readonly districtId: string; readonly sha256: string; readonly mappingFingerprint: string },
): Promise<boolean> {
  const { rows } = await sql<{ isApplied: boolean }>`
    select exists (
      select from dataset_versions where district_id = ${input.districtId} and data_type = ${dataType.name}
        and last_applied_sha256 = ${input.sha256} and last_applied_fingerprint = ${input.mappingFingerprint}
    ) and not exists (
      select from ${sql.raw(quoteName(dataType.table))}
      where district_id = ${input.districtId} and edited_xid is not null
    ) as is_applied`.execute(trx)
  return rows[0]?.isApplied ?? false
}

/** The local day, `YYYY-MM-DD`, on which a run that was no test read these very bytes last; undefined where none did. */
export async function findDayLastRead(
  trx: Transaction<Database>,
  { id, districtId, dataType, inputSha256 }: Pick<RunRow, 'id' | 'districtId' | 'dataType' | 'inputSha256'>,
): Promise<string | undefined> {
  const { rows } = await sql<{ day: string }>`
    select staging ->> 'readOn' as day from import_runs
    where district_id = ${districtId} and data_type = ${dataType} and input_sha256 = ${inputSha256} and id <> ${id}
      and staging is not null and not is_test
    order by created_at desc limit 1`.execute(trx)
  return rows[0]?.day
}
