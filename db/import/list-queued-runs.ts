import type { Transaction } from 'kysely'
import type { Database } from '../database.ts'
import type { RunRow } from './runs.ts'

/** Runs of the transaction's district that were written down before this time and have not begun. */
export function listQueuedRuns(trx: Transaction<Database>, before: Date): Promise<RunRow[]> {
  return trx
    .selectFrom('importRuns')
    .selectAll()
    .where('state', '=', 'queued')
    .where('createdAt', '<', before)
    .orderBy('id')
    .limit(100)
    .execute()
}
