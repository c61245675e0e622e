import { withDistrict } from '../../db/database.ts'
import { noteConnectionStatus } from '../../db/connect/note-connection-status.ts'
import { RollbookFailure } from '../../domain/errors.ts'
import type { ScheduleDependencies } from '../schedule/schedule-dependencies.ts'

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
  const outcome =
    failure === undefined
      ? ({ status: 'connected', reason: null } as const)
      : ({ status: 'failed', reason: failure.message, failureCode: failure.code } as const)
  await withDistrict(db, districtId, (trx) =>
    noteConnectionStatus(trx, { districtId, connectionId, checkedAt: now(), ...outcome }),
  )
}
