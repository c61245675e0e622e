import { sql, type Transaction } from 'kysely'
import { lostReferenceRules } from '../staging/plan-reason.ts'
import type { Database } from '../database.ts'
import type { RunRow } from '../import/runs.ts'

/** From where a source may be asked for its changes alone. */
export type SourceMark = {
  /** When the last reading of everything began that was applied. */
  readonly wholeAt: Date
  /** When the last reading began that was applied, be it of changes. */
  readonly readAt: Date
}

/** Of a reading after which some rows may be missing: nobody knows which, so it moves no mark. */
const missesRows = ['I-18']
/** What one of these left outside comes in by a change elsewhere, and is no change itself. */
const leavesRows = ['I-01', 'R-01', ...Object.values(lostReferenceRules)]

/**
 * Undefined where everything has to be read: nothing was applied yet under this mapping and these settings (`under`), or
 * the records are since then not what the readings made of them, or rows are left outside that come in without a
 * change of their own.
 */
export async function findSourceMark(
  trx: Transaction<Database>,
  { id, connectionId, dataType }: Pick<RunRow, 'id' | 'connectionId' | 'dataType'>,
  { under, mappingVersionId }: { readonly under: string; readonly mappingVersionId: string },
): Promise<SourceMark | undefined> {
  const { rows } = await sql<SourceMark>`
    with earlier as (
      select * from import_runs
      where data_type = ${dataType} and id <> ${id} and not is_test
        and (created_at, id) < (select created_at, id from import_runs where id = ${id})
    ), taken as (
      select * from earlier
      where connection_id = ${connectionId} and asked_at is not null and asked_under = ${under}
        and mapping_version_id = ${mappingVersionId} and not is_additions_only
        and not findings_by_rule ?| ${missesRows}::text[]
        and state in ('completed', 'completedWithAlerts', 'unchanged')
    ), complete as (
      select input_sha256 from taken where asked_since is null and (staging ->> 'isComplete')::boolean
    ), whole as (
      select * from taken where asked_since is null and input_sha256 in (select input_sha256 from complete)
      order by created_at desc, id desc limit 1
    )
    select whole.asked_at as "wholeAt",
      (select max(asked_at) from taken where taken.created_at >= whole.created_at) as "readAt"
    from whole
    where not exists (
      select from taken where (taken.created_at >= whole.created_at or taken.input_sha256 = whole.input_sha256)
        and findings_by_rule ?| ${leavesRows}::text[]
    )
    -- Taken back, or brought to what another input says.
    and not exists (
      select from earlier where earlier.created_at > whole.created_at and not is_resolution and not is_field_import
        and (undo_of is not null or state in ('undone', 'partlyUndone')
          or (id not in (select id from taken) and asked_since is null and applied_version is not null))
    )`.execute(trx)
  return rows[0]
}

/** Writes down, once, from where the source is asked for the run; gives what was written down first. */
export async function noteAsked(
  trx: Transaction<Database>,
  runId: string,
  asked: { readonly at: Date; readonly since: Date | undefined; readonly under: string },
): Promise<{ readonly since: Date | undefined }> {
  await trx
    .updateTable('importRuns')
    .set({ askedAt: asked.at, askedSince: asked.since ?? null, askedUnder: asked.under })
    .where('id', '=', runId)
    .where('askedAt', 'is', null)
    .execute()
  const { askedSince } = await trx
    .selectFrom('importRuns')
    .select('askedSince')
    .where('id', '=', runId)
    .executeTakeFirstOrThrow()
  return { since: askedSince ?? undefined }
}

/** When a source was asked last for these very pages; undefined for an input that nobody asked for. */
export async function findAskedAt(trx: Transaction<Database>, inputFileId: string): Promise<Date | undefined> {
  const row = await trx
    .selectFrom('importRuns')
    .select((select) => select.fn.max('askedAt').as('askedAt'))
    .where('inputFileId', '=', inputFileId)
    .executeTakeFirst()
  return row?.askedAt ?? undefined
}
