import { sql, type Kysely, type RawBuilder, type Transaction } from 'kysely'
import { withDistrict, type Database } from '../database.ts'
import type { PurgeRequest } from './purge-run-logs.ts'

/** Of one mebibyte each. */
const chunksAtOnce = 32

type InputAge = { readonly districtId: string; readonly now: Date; readonly inputDays: number }

/**
 * Removes archived inputs that nobody asked for in `inputDays` and that no run needs, and uploads of that age that never
 * came to their end. A file is closed before its first chunk goes, so that nobody begins to read it. Repeatable.
 */
export async function purgeInputs(
  db: Kysely<Database>,
  request: PurgeRequest & InputAge,
): Promise<{ readonly inputs: number }> {
  const { districtId, afterBatch } = request
  let inputs = 0
  for (;;) {
    const fileId = await withDistrict(db, districtId, (trx) => closeInput(trx, request))
    if (fileId === undefined) return { inputs }
    let deleted: number
    do {
      deleted = await withDistrict(db, districtId, (trx) => deleteChunks(trx, fileId))
      await afterBatch?.()
    } while (deleted === chunksAtOnce)
    await withDistrict(db, districtId, (trx) => trx.deleteFrom('archivedFiles').where('id', '=', fileId).execute())
    inputs += 1
  }
}

/** One that an earlier purge left half-way comes up again: it is closed, and as old as ever. */
async function closeInput(trx: Transaction<Database>, age: InputAge): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    update archived_files f set is_complete = false
    where f.id = (
      select f.id from archived_files f where ${isOld(age)} and (not f.is_complete or not ${isNeeded(age)})
      order by f.wanted_at limit 1
    ) and ${isOld(age)}
    returning f.id`.execute(trx)
  return rows[0]?.id
}

function isOld({ districtId, now, inputDays }: InputAge): RawBuilder<boolean> {
  return sql`(f.district_id = ${districtId}
      and f.wanted_at < ${now}::timestamptz - make_interval(days => ${inputDays}))`
}

/**
 * True of an `archived_files f` that a run needs: one whose log is kept (it may be under way, held or undone), one that
 * ended within the days for which inputs are kept, and of each data type the run whose input the records show, with
 * those that were applied after it and undone.
 */
function isNeeded({ now, inputDays }: InputAge): RawBuilder<boolean> {
  return sql`(
    exists (
      select from import_runs run
      where run.input_file_id = f.id and (
        run.log_purged_at is null
        or coalesce(run.finished_at, run.created_at) >= ${now}::timestamptz - make_interval(days => ${inputDays})
        or run.applied_version >= (
          select coalesce(max(shown.applied_version) filter (where shown.state <> 'undone'), max(shown.applied_version))
          from import_runs shown
          where shown.district_id = run.district_id and shown.data_type = run.data_type
            and shown.input_file_id is not null and shown.applied_version is not null
        )
      )
    ) or exists (
      select from dataset_versions held where held.district_id = f.district_id and held.last_applied_sha256 = f.sha256
    )
  )`
}

async function deleteChunks(trx: Transaction<Database>, fileId: string): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from archived_file_chunks where file_id = ${fileId} and chunk_no in (
      select chunk_no from archived_file_chunks where file_id = ${fileId} order by chunk_no limit ${chunksAtOnce}
    )`.execute(trx)
  return Number(numAffectedRows ?? 0n)
}
