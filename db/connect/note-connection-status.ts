import { randomUUID } from 'node:crypto'
import type { Transaction } from 'kysely'
import type { FailureCode } from '../../domain/errors.ts'
import type { Database } from '../database.ts'
import type { ConnectionStatus } from '../tables/connections.ts'
import { insertEvent } from '../notify/events.ts'

export type SeenConnection = {
  readonly districtId: string
  readonly connectionId: string
  readonly status: Extract<ConnectionStatus, 'connected' | 'failed'>
  /** What the operator reads on the connection; null where it works. */
  readonly reason: string | null
  readonly checkedAt: Date
  readonly failureCode?: FailureCode
  /** The settings that were tried: of others nothing is written down. */
  readonly settingsSealed?: Buffer
}

/**
 * Writes down on the connection whether its source answered. A connection that fails, or works again, is told of once
 * and not with every try, however many try at the same time; a first success is no news.
 * False where the connection has other settings by now.
 */
export async function noteConnectionStatus(trx: Transaction<Database>, seen: SeenConnection): Promise<boolean> {
  const { districtId, connectionId, status, reason, checkedAt, failureCode } = seen
  // Locked, so that of several at once each one knows what the one before it found.
  const before = await trx
    .selectFrom('connections')
    .select(['status', 'settingsSealed'])
    .where('id', '=', connectionId)
    .forNoKeyUpdate()
    .executeTakeFirst()
  if (before === undefined) return true
  if (seen.settingsSealed !== undefined && !before.settingsSealed.equals(seen.settingsSealed)) return false
  await trx
    .updateTable('connections')
    .set({ status, statusReason: reason, checkedAt })
    .where('id', '=', connectionId)
    .execute()
  if (status === before.status || (status === 'connected' && before.status !== 'failed')) return true
  const kind = status === 'failed' ? 'connectionFailed' : 'connectionWorks'
  const onceKey = `${kind}/${connectionId}/${randomUUID()}`
  const facts = failureCode === undefined ? {} : { failureCode }
  await insertEvent(trx, { districtId, kind, onceKey, connectionId, facts })
  return true
}
