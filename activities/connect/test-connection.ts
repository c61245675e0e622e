import type { ConnectionTest } from '../../connectors/connector.ts'
import { findDistrict } from '../../db/access/districts.ts'
import { findConnection, type ConnectionRow } from '../../db/connect/connections.ts'
import { noteConnectionStatus } from '../../db/connect/note-connection-status.ts'
import { withDistrict } from '../../db/database.ts'
import type { ScheduleActivities } from '../schedule-interface.ts'
import type { ScheduleDependencies } from '../schedule/schedule-dependencies.ts'

type TestDependencies = Pick<ScheduleDependencies, 'db' | 'now' | 'getConnector' | 'openSettings' | 'surroundingsOf'>

/**
 * Opens the settings, lets the connector try them and keeps what came of it, with the reason, on the connection; a
 * history is told no more than whether it works. Settings that were changed while they were tried are tried again.
 */
export function createTestConnection(dependencies: TestDependencies): ScheduleActivities['testConnection'] {
  const { db, now } = dependencies
  return async ({ districtId, connectionId }) => {
    const district = await findDistrict(db, districtId)
    for (;;) {
      const connection = await withDistrict(db, districtId, (trx) => findConnection(trx, connectionId))
      if (connection === undefined || district === undefined) throw new Error(`there is no connection ${connectionId}`)
      // Outside a transaction: a source may take long to answer.
      const outcome = await tryConnection(dependencies, connection, district.slug)
      const { isConnected } = outcome
      const seen = {
        status: isConnected ? 'connected' : 'failed',
        reason: outcome.isConnected ? null : outcome.reason,
        checkedAt: now(),
      } as const
      const isNoted = await withDistrict(db, districtId, (trx) =>
        noteConnectionStatus(trx, { districtId, connectionId, settingsSealed: connection.settingsSealed, ...seen }),
      )
      if (isNoted) return { isConnected }
    }
  }
}

/** A failure is an answer, with what to do about it. */
async function tryConnection(
  { getConnector, openSettings, surroundingsOf }: TestDependencies,
  connection: ConnectionRow,
  district: string,
): Promise<ConnectionTest> {
  let opened: unknown
  try {
    opened = openSettings(connection)
  } catch {
    const reason = `the settings are sealed with the key "${connection.keyId}", which does not open them; configure that key or add the connection again`
    return { isConnected: false, reason }
  }
  const connector = getConnector(connection.connector)
  const settings = connector.settings.safeParse(opened)
  if (!settings.success)
    return { isConnected: false, reason: 'the stored settings no longer fit; add the connection again' }
  return await connector.test(settings.data, surroundingsOf(district))
}
