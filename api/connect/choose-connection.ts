import type { Transaction } from 'kysely'
import type { Connector } from '../../connectors/connector.ts'
import { connectors, findConnector } from '../../connectors/registry.ts'
import type { Database } from '../../db/database.ts'
import { findConfiguration, findEnabledConfiguration } from '../../db/connect/configurations.ts'
import { findConnection, listConnections, type ConnectionRow } from '../../db/connect/connections.ts'
import { lockDistrict } from '../../db/access/lock-district.ts'
import type { SecretSealer } from '../../platform/secret-sealer.ts'
import { Refusal } from '../failures.ts'
import { fillConfigurations, makeConnection } from './make-connection.ts'
import type { Scope } from '../access/scope.ts'

/** The connector an upload is for when a district has no connection yet: the first that takes one. */
const uploadConnector = connectors.find(({ intake }) => intake.kind === 'file')

type Choice = { readonly dataType: string; readonly connectionId: string | undefined; readonly isTest: boolean }

/** The connection that an upload is for. Throws a Refusal as chooseConnection does, and where it takes none. */
export async function chooseUploadConnection(...choice: Parameters<typeof chooseConnection>): Promise<string> {
  const connectionId = await chooseConnection(...choice)
  refuseWithoutUploads(await findConnection(choice[0], connectionId))
  return connectionId
}

function refuseWithoutUploads(connection: Pick<ConnectionRow, 'connector'> | undefined): void {
  if (connection === undefined || findConnector(connection.connector)?.intake.kind !== 'pages') return
  throw new Refusal('CONFLICT', 'This connection reads its source by itself and takes no upload; start a run of it.')
}

/**
 * The connection that a run belongs to: the named one, else the one enabled for the data type, else a new one with the
 * connector's own mapping. Throws a Refusal when the named one is not of this district or data type, or is disabled.
 */
export async function chooseConnection(
  trx: Transaction<Database>,
  scope: Scope,
  secrets: SecretSealer,
  choice: Choice & { readonly createdBy: string },
): Promise<string> {
  const { dataType, connectionId } = choice
  if (connectionId !== undefined) return await checkConnection(trx, { ...choice, connectionId })
  const enabled = await findEnabledConnection(trx, scope, dataType, choice.createdBy)
  if (enabled !== undefined) return enabled
  if (uploadConnector?.dataTypes.includes(dataType) !== true) {
    throw new Refusal('CONFLICT', 'No connection is enabled for this data type, and none can be made by an upload.')
  }
  return await makeUploadConnection(trx, scope, secrets, { connector: uploadConnector, createdBy: choice.createdBy })
}

/**
 * The connection of an upload for all data types: the named one, else one that takes uploads and is enabled for any of
 * them, else a new one. Throws a Refusal when the named one is not of this district, or takes no upload.
 */
export async function chooseSetConnection(
  trx: Transaction<Database>,
  scope: Scope,
  secrets: SecretSealer,
  { connectionId, createdBy }: { readonly connectionId: string | undefined; readonly createdBy: string },
): Promise<string> {
  const { districtId } = scope
  if (connectionId !== undefined) {
    refuseWithoutUploads(await getSetConnection(trx, { connectionId, createdBy }))
    return connectionId
  }
  if (uploadConnector === undefined) throw new Refusal('CONFLICT', 'No connector takes uploads.')
  await lockDistrict(trx, districtId)
  const connections = await fillDistrict(trx, districtId, createdBy)
  const ofUploads = connections.filter(({ connector }) => connector === uploadConnector.id)
  for (const dataType of uploadConnector.dataTypes) {
    const enabled = await findEnabledConfiguration(trx, { districtId, dataType })
    const connection = ofUploads.find(({ id }) => id === enabled?.connectionId)
    if (connection !== undefined) return connection.id
  }
  return await makeUploadConnection(trx, scope, secrets, { connector: uploadConnector, createdBy })
}

/**
 * The named connection, with a configuration for whatever its connector has by now. Throws a Refusal where it is not of
 * this district.
 */
export async function getSetConnection(
  trx: Transaction<Database>,
  { connectionId, createdBy }: { readonly connectionId: string; readonly createdBy: string },
): Promise<ConnectionRow> {
  const connection = await findConnection(trx, connectionId)
  if (connection === undefined) throw new Refusal('NOT_FOUND', 'There is no connection of this id in the district.')
  await fillConfigurations(trx, { districtId: connection.districtId, connection, createdBy })
  return connection
}

async function findEnabledConnection(
  trx: Transaction<Database>,
  { districtId }: Scope,
  dataType: string,
  createdBy: string,
): Promise<string | undefined> {
  const enabled = await findEnabledConfiguration(trx, { districtId, dataType })
  if (enabled !== undefined) return enabled.connectionId
  // Two first uploads at once: the second finds, behind the lock, what the first one made, or an earlier release.
  await lockDistrict(trx, districtId)
  await fillDistrict(trx, districtId, createdBy)
  return (await findEnabledConfiguration(trx, { districtId, dataType }))?.connectionId
}

/** Gives the connections of the district, each with a configuration for whatever its connector has by now. */
async function fillDistrict(
  trx: Transaction<Database>,
  districtId: string,
  createdBy: string,
): Promise<readonly ConnectionRow[]> {
  const connections = await listConnections(trx, districtId)
  for (const connection of connections) await fillConfigurations(trx, { districtId, connection, createdBy })
  return connections
}

async function makeUploadConnection(
  trx: Transaction<Database>,
  scope: Scope,
  secrets: SecretSealer,
  { connector, createdBy }: { readonly connector: Connector; readonly createdBy: string },
): Promise<string> {
  return (await makeConnection(trx, scope, secrets, { connector, name: connector.label, settings: {}, createdBy })).id
}

async function checkConnection(
  trx: Transaction<Database>,
  { dataType, connectionId, isTest, createdBy }: Choice & { readonly connectionId: string; readonly createdBy: string },
): Promise<string> {
  const connection = await findConnection(trx, connectionId)
  if (connection === undefined) throw new Refusal('NOT_FOUND', 'There is no connection of this id in the district.')
  await fillConfigurations(trx, { districtId: connection.districtId, connection, createdBy })
  const configuration = await findConfiguration(trx, { connectionId, dataType })
  if (configuration === undefined) throw new Refusal('CONFLICT', 'The connection is not configured for this data type.')
  if (!configuration.isEnabled && !isTest) {
    if (configuration.mapping.matchBy === undefined && Object.keys(configuration.mapping.fields).length === 0) {
      throw new Refusal('CONFLICT', 'Nothing is mapped in the configuration of this data type, and it is not enabled.')
    }
    throw new Refusal('CONFLICT', 'Another connection is enabled for this data type; a test import is possible.')
  }
  return connectionId
}
