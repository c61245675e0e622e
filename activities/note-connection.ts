import { withDistrict } from '../db/database.ts'
import { findConnection, updateConnectionStatus } from '../db/queries/connections.ts'
import { insertEvent } from '../db/queries/events.ts'
import { RollbookFailure } from '../domain/errors.ts'
import type { ScheduleDependencies } from './schedule-dependencies.ts'

type NoteDependencies = Pick<ScheduleDependencies, 'db' | 'now'>

/**
 * Does what needs the connection's source and writes down on the connection whether it answered; a change is an event.
 * Throws what `work` throws.
 */
export async function notingConnection<Result>(
  dependencies: NoteDependencies,
  key: { readonly districtId: string; readonly connectionId: string },
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    const result = await work()
    await noteConnection(dependencies, key, undefined)
    return result
  } catch (error) {
    if (error instanceof RollbookFailure && error.code.startsWith('SOURCE_')) {
      await noteConnection(dependencies, key, error)
    }
    throw error
  }
}

async function noteConnection(
  { db, now }: NoteDependencies,
  { districtId, connectionId }: { readonly districtId: string; readonly connectionId: string },
  failure: RollbookFailure | undefined,
): Promise<void> {
  const checkedAt = now()
  const status = failure === undefined ? 'connected' : 'failed'
  await withDistrict(db, districtId, async (trx) => {
    const before = await findConnection(trx, connectionId)
    await updateConnectionStatus(trx, connectionId, { status, reason: failure?.message ?? null, checkedAt })
    if (before === undefined || before.status === status) return
    // A first success is no news.
    if (failure === undefined && before.status !== 'failed') return
    const kind = failure === undefined ? 'connectionWorks' : 'connectionFailed'
    const onceKey = `${kind}/${connectionId}/${checkedAt.toISOString()}`
    const facts = failure === undefined ? {} : { failureCode: failure.code }
    await insertEvent(trx, { districtId, kind, onceKey, connectionId, facts })
  })
}
