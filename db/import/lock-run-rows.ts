import { sql, type Transaction } from 'kysely'
import type { Database } from '../database.ts'

/** What of a run is locked: its staged rows and its plan, against an apply of them that was given up for dead and lives. */
export function deriveRunLock(runId: string): string {
  return `rows/${runId}`
}

/**
 * Waits until no batch of the run is being applied (`write`), or until nobody stages or plans it (`read`), and keeps it
 * so until the transaction ends.
 */
export async function lockRunRows(trx: Transaction<Database>, runId: string, mode: 'read' | 'write'): Promise<void> {
  const lock = sql.raw(mode === 'read' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock')
  await sql`select ${lock}(hashtextextended(${deriveRunLock(runId)}, 0))`.execute(trx)
}
