import { sql, type Transaction } from 'kysely'
import type { Database } from '../database.ts'

export type RefusedInput = { readonly dataType: string; readonly runId: string; readonly reason: string }

/**
 * Of each data type that a connection imports, the last run, where nothing of its input could be used: so long as no later one ends otherwise.
 * `reason` says nothing of anybody's record.
 */
export async function listRefusedInputs(
  trx: Transaction<Database>,
  { districtId, connectionId }: { readonly districtId: string; readonly connectionId: string },
): Promise<readonly RefusedInput[]> {
  const { rows } = await sql<RefusedInput>`
    select c.data_type, last.id as run_id, last.failure ->> 'detail' as reason
    from import_configurations c
    cross join lateral (
      select r.id, r.failure from import_runs r
      where r.district_id = ${districtId} and r.connection_id = c.connection_id and r.data_type = c.data_type
        and not r.is_test and not r.is_resolution and r.undo_of is null and r.finished_at is not null
      order by r.created_at desc limit 1
    ) last
    where c.connection_id = ${connectionId} and c.is_enabled and last.failure ->> 'code' = 'INPUT_REFUSED'
    order by c.data_type`.execute(trx)
  return rows
}
