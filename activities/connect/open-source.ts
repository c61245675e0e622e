import { createHash } from 'node:crypto'
import type {
  ChangesPolicy,
  FetchedPart,
  FetchOutcome,
  FetchRequest,
  FoundInput,
  PagesRequest,
} from '../../connectors/connector.ts'
import { withDistrict } from '../../db/database.ts'
import { findConnection, type ConnectionRow } from '../../db/connect/connections.ts'
import { findDistrict } from '../../db/access/districts.ts'
import type { ScheduleDependencies } from '../schedule/schedule-dependencies.ts'

/** A connection's source with its settings opened. */
export type OpenedSource =
  | {
      readonly kind: 'file'
      readonly find: (signal: AbortSignal) => Promise<FoundInput | undefined>
      readonly fetch: (request: Omit<FetchRequest<unknown>, 'settings' | 'surroundings'>) => Promise<FetchOutcome>
    }
  | {
      readonly kind: 'pages'
      readonly pages: (request: Omit<PagesRequest<unknown>, 'settings' | 'surroundings'>) => AsyncIterable<FetchedPart>
      readonly findChangesPolicy: (dataType: string) => ChangesPolicy | undefined
      /** Digest of the settings as they are kept. */
      readonly settingsDigest: string
    }

/** Undefined when the connection names none: its inputs are uploaded. */
export async function openSource(
  dependencies: Pick<ScheduleDependencies, 'db'> & OpenDependencies,
  districtId: string,
  connectionId: string,
): Promise<OpenedSource | undefined> {
  const { db } = dependencies
  const connection = await withDistrict(db, districtId, (trx) => findConnection(trx, connectionId))
  const district = await findDistrict(db, districtId)
  if (connection === undefined || district === undefined) throw new Error(`there is no connection ${connectionId}`)
  return openSourceOf(dependencies, connection, district.slug)
}

type OpenDependencies = Pick<ScheduleDependencies, 'getConnector' | 'openSettings' | 'surroundingsOf'>

/** As openSource, of a connection that is at hand. Throws where its settings do not open or no longer fit. */
export function openSourceOf(
  { getConnector, openSettings, surroundingsOf }: OpenDependencies,
  connection: ConnectionRow,
  district: string,
): OpenedSource | undefined {
  const connector = getConnector(connection.connector)
  const { intake } = connector
  if (intake.kind === 'file' && intake.source === undefined) return undefined
  const settings = connector.settings.parse(openSettings(connection))
  const surroundings = surroundingsOf(district)
  if (intake.kind === 'pages') {
    return {
      kind: 'pages',
      pages: (request) => intake.pages({ settings, surroundings, ...request }),
      findChangesPolicy: (dataType) => intake.findChangesPolicy?.(settings, dataType),
      settingsDigest: createHash('sha256').update(connection.settingsSealed).digest('hex'),
    }
  }
  const { source } = intake
  if (source?.isNamed(settings) !== true) return undefined
  return {
    kind: 'file',
    find: (signal) => source.find(settings, surroundings, signal),
    fetch: (request) => source.fetch({ settings, surroundings, ...request }),
  }
}
