import type { FetchOutcome, FetchRequest, FoundInput } from '../../connectors/connector.ts'
import { withDistrict } from '../../db/database.ts'
import { findConnection } from '../../db/connect/connections.ts'
import { findDistrict } from '../../db/access/districts.ts'
import type { ScheduleDependencies } from '../schedule/schedule-dependencies.ts'

/** A connection's source with its settings opened. */
export type OpenedSource = {
  find(signal: AbortSignal): Promise<FoundInput | undefined>
  fetch(request: Omit<FetchRequest<unknown>, 'settings' | 'surroundings'>): Promise<FetchOutcome>
}

/** Undefined when the connection names none: its inputs are uploaded, or read by the run itself. */
export async function openSource(
  { db, getConnector, openSettings, surroundingsOf }: Omit<ScheduleDependencies, 'log' | 'workflows'>,
  districtId: string,
  connectionId: string,
): Promise<OpenedSource | undefined> {
  const connection = await withDistrict(db, districtId, (trx) => findConnection(trx, connectionId))
  const district = await findDistrict(db, districtId)
  if (connection === undefined || district === undefined) throw new Error(`there is no connection ${connectionId}`)
  const connector = getConnector(connection.connector)
  const { source } = connector
  if (source === undefined) return undefined
  const settings = connector.settings.parse(openSettings(connection))
  if (!source.isNamed(settings)) return undefined
  const surroundings = surroundingsOf(district.slug)
  return {
    find: (signal) => source.find(settings, surroundings, signal),
    fetch: (request) => source.fetch({ settings, surroundings, ...request }),
  }
}
