import { sql, type Transaction } from 'kysely'
import type { Database } from '../database.ts'

/** Compressed, a row of a package takes this many bytes and more. */
const leastBytesPerRow = 15

/**
 * How many rows the statements of the run's steps may have to do with, rather too many than too few: the most that an
 * input of its data type has had lately. An undo, or a run that carries decisions out, works on what those brought.
 */
export async function estimateRows(trx: Transaction<Database>, runId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select coalesce(max(greatest((staging ->> 'rowsRead')::bigint, input_bytes / ${leastBytesPerRow})), 0) as count
    from (
      select staging, input_bytes from import_runs
      where data_type = (select data_type from import_runs where id = ${runId})
      order by created_at desc limit 100) as lately`.execute(trx)
  return rows[0]?.count ?? 0
}
