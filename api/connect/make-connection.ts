import { bringsFieldsOnly } from '../../domain/mapping/compile-mapping.ts'
import { randomUUID } from 'node:crypto'
import type { Transaction } from 'kysely'
import type { Connector, Surroundings } from '../../connectors/connector.ts'
import { connectors, findConnector } from '../../connectors/registry.ts'
import type { Database } from '../../db/database.ts'
import { insertAuditEntry } from '../../db/access/audit.ts'
import {
  findEnabledConfiguration,
  insertMappingVersion,
  listConfiguredDataTypes,
  upsertConfiguration,
} from '../../db/connect/configurations.ts'
import { findConnection, insertConnection, updateConnection, type ConnectionRow } from '../../db/connect/connections.ts'
import { listOrgs } from '../../db/records/orgs.ts'
import { lockDistrict } from '../../db/access/lock-district.ts'
import type { SecretSealer } from '../../platform/secret-sealer.ts'
import { describeIssues, summarize } from '../manners/describe-issues.ts'
import { Refusal } from '../failures.ts'
import { namesSource } from './fetches-input.ts'
import type { Scope } from '../access/scope.ts'

export type WantedConnection = {
  readonly connector: Connector
  readonly name: string
  readonly settings: unknown
  readonly createdBy: string
}

/** The connector of this id; throws a Refusal that names those there are. */
export function getKnownConnector(id: string): Connector {
  const connector = findConnector(id)
  if (connector !== undefined) return connector
  const known = connectors.map((one) => one.id).join(', ')
  throw new Refusal('REQUEST_INVALID', `There is no connector of this name; there are: ${known}.`)
}

/** The settings as the connector reads them. Throws a Refusal with the places that are wrong, and no value. */
function parseSettings(connector: Connector, settings: unknown): unknown {
  const parsed = connector.settings.safeParse(settings)
  if (parsed.success) return parsed.data
  const errors = describeIssues(parsed.error.issues)
  throw new Refusal('SETTINGS_INVALID', summarize(errors), errors)
}

/** Throws a Refusal for settings that are wrong, and for those that can be known to lead nowhere from here. */
export async function checkSettings(
  connector: Connector,
  settings: unknown,
  surroundings: Surroundings,
): Promise<void> {
  const problem = await connector.findSettingsProblem?.(parseSettings(connector, settings), surroundings)
  if (problem !== undefined) throw new Refusal('SETTINGS_INVALID', problem)
}

/**
 * Adds a connection with sealed settings, and for each data type of its connector a configuration with the mapping the
 * connector ships. It is enabled where no other connection is: two enabled ones would undo each other's work.
 */
export async function makeConnection(
  trx: Transaction<Database>,
  { districtId }: Scope,
  secrets: SecretSealer,
  { connector, name, settings, createdBy }: WantedConnection,
): Promise<ConnectionRow> {
  await lockDistrict(trx, districtId)
  const connectionId = randomUUID()
  const parsed = parseSettings(connector, settings)
  const { sealed, keyId } = secrets.seal(JSON.stringify(parsed), connectionId)
  const connection = await insertConnection(trx, {
    id: connectionId,
    districtId,
    connector: connector.id,
    name,
    settingsSealed: sealed,
    keyId,
    fetchesInput: namesSource(connector, parsed),
    // The first source of a district brings its schools; those of another one are ours under keys of its own.
    newSchools: (await listOrgs(trx, districtId)).length === 0 ? 'create' : 'ask',
  })
  await fillConfigurations(trx, { districtId, connection, createdBy, connector, settings: parsed })
  const subject = { connectionId, connector: connector.id }
  const entry = { districtId, actor: createdBy, action: 'addConnection', subject, after: { name } }
  await insertAuditEntry(trx, entry)
  return connection
}

/**
 * A configuration with the shipped mapping for each data type of the connector that has none: all of them when a connection
 * is made, and those that came with a newer release afterwards. Enabled where no other connection is; one that brings fields
 * alone, where its settings map some.
 */
export async function fillConfigurations(
  trx: Transaction<Database>,
  {
    districtId,
    connection,
    createdBy,
    connector = getKnownConnector(connection.connector),
    settings,
  }: {
    readonly districtId: string
    readonly connection: ConnectionRow
    readonly createdBy: string
    /** The connection's own, where it is at hand. */
    readonly connector?: Connector
    /** Of a connection that is being made: nobody here can open them later. */
    readonly settings?: unknown
  },
): Promise<void> {
  const { id: connectionId } = connection
  const listMissing = async () => {
    const configured = await listConfiguredDataTypes(trx, connectionId)
    return connector.dataTypes.filter((dataType) => !configured.includes(dataType))
  }
  if ((await listMissing()).length === 0) return
  // Two at once: the second finds, behind the lock, nothing missing. It would else take the first one's for another
  // connection's, and switch it off.
  await lockDistrict(trx, districtId)
  for (const dataType of await listMissing()) {
    const document = connector.defaultMapping(dataType, settings)
    const bringsFields = bringsFieldsOnly(connector.collections(dataType))
    const { id } = await insertMappingVersion(trx, { districtId, connectionId, dataType, document, createdBy })
    const enabled = await findEnabledConfiguration(trx, { districtId, dataType })
    await upsertConfiguration(trx, {
      districtId,
      connectionId,
      dataType,
      mappingVersionId: id,
      // Of fields there may be any number beside each other, once something is mapped.
      isEnabled: bringsFields ? document.matchBy !== undefined : enabled === undefined,
      bringsFields,
    })
  }
}

/**
 * Other settings, another name, or both; what is imported, and how, stays. Throws a Refusal where the connector does not
 * accept the settings.
 */
export async function changeConnection(
  trx: Transaction<Database>,
  { districtId }: Scope,
  secrets: SecretSealer,
  { id, settings, name, by }: { id: string; settings: unknown; name: string | undefined; by: string },
): Promise<ConnectionRow> {
  const before = await findConnection(trx, id)
  if (before === undefined) throw new Refusal('NOT_FOUND', 'There is no connection of this id.')
  const connector = getKnownConnector(before.connector)
  const parsed = settings === undefined ? undefined : parseSettings(connector, settings)
  const changed = await updateConnection(trx, id, {
    ...(name !== undefined && { name }),
    ...(parsed !== undefined && {
      settings: { ...secrets.seal(JSON.stringify(parsed), id), fetchesInput: namesSource(connector, parsed) },
    }),
  })
  if (changed === undefined) throw new Refusal('NOT_FOUND', 'There is no connection of this id.')
  const subject = {
    connectionId: id,
    changed: [...(name === undefined ? [] : ['name']), ...(parsed === undefined ? [] : ['settings'])],
  }
  // Settings hold secrets, and the API opens none: that they changed is all that is said of them.
  const [was, is] = [{ name: before.name }, { name: changed.name }]
  const entry = { districtId, actor: by, action: 'changeConnection', subject, before: was, after: is }
  await insertAuditEntry(trx, entry)
  return changed
}
