import { sql, type Transaction } from 'kysely'
import type { Database } from '../database.ts'

export type ConnectionImports = {
  /** Data types that this connection, and no other of the district, imports. */
  readonly enabledFor: readonly string[]
  readonly lastImportAt: Date | null
}

/** What the connections of a district import and when the last real import of each was made; by connection. */
export async function readConnectionImports(
  trx: Transaction<Database>,
  districtId: string,
): Promise<ReadonlyMap<string, ConnectionImports>> {
  const { rows } = await sql<ConnectionImports & { id: string }>`
    select c.id, last.created_at as last_import_at,
      coalesce((select jsonb_agg(i.data_type order by i.data_type) from import_configurations i
        where i.connection_id = c.id and i.is_enabled), '[]') as enabled_for
    from connections c
    left join lateral (
      select r.created_at from import_runs r
      where r.district_id = ${districtId} and r.connection_id = c.id and not r.is_test and not r.is_resolution
        and r.undo_of is null
      order by r.created_at desc limit 1
    ) last on true
    where c.district_id = ${districtId}`.execute(trx)
  return new Map(rows.map(({ id, ...imports }) => [id, imports]))
}
