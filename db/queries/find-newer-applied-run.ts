import { sql, type Transaction } from 'kysely'
import type { Database } from '../database.ts'

/**
 * The import that changed the data type last, when it was asked for after this one: then this one's input is out of
 * date. One that carries decisions out brings no input.
 */
export async function findNewerAppliedRun(
  trx: Transaction<Database>,
  runId: string,
): Promise<{ readonly runId: string } | undefined> {
  const { rows } = await sql<{ runId: string }>`
    select newer.id as run_id
    from import_runs run
    join dataset_versions held on held.district_id = run.district_id and held.data_type = run.data_type
    join import_runs newer on newer.id = held.last_run_id
    where run.id = ${runId} and newer.id <> run.id and newer.created_at > run.created_at
      and not newer.is_resolution`.execute(trx)
  return rows[0]
}
