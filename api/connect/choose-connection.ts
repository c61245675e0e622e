import type { Transaction } from 'kysely'
import { connectors } from '../../connectors/registry.ts'
import type { Database } from '../../db/database.ts'
import { findConfiguration, findEnabledConfiguration } from '../../db/connect/configurations.ts'
import { findConnection } from '../../db/connect/connections.ts'
import { lockDistrict } from '../../db/access/lock-district.ts'
import type { SecretBox } from '../../platform/secret-box.ts'
import { Refusal } from '../failures.ts'
import { makeConnection } from './make-connection.ts'
import type { Scope } from '../access/scope.ts'

/** The connector an upload is for when a district has no connection yet: the first that takes one. */
const uploadConnector = connectors.find(({ takesUpload }) => takesUpload)

type Choice = { readonly dataType: string; readonly connectionId: string | undefined; readonly isTest: boolean }

/**
 * The connection that a run belongs to: the named one, else the one enabled for the data type, else a new one with the
 * connector's own mapping. Throws a Refusal when the named one is not of this district or data type, or is disabled.
 */
export async function chooseConnection(
  trx: Transaction<Database>,
  scope: Scope,
  secrets: SecretBox,
  choice: Choice & { readonly createdBy: string },
): Promise<string> {
  const { dataType, connectionId } = choice
  if (connectionId !== undefined) return await checkConnection(trx, { ...choice, connectionId })
  const { districtId } = scope
  const enabled = await findEnabledConfiguration(trx, { districtId, dataType })
  if (enabled !== undefined) return enabled.connectionId
  if (uploadConnector?.dataTypes.includes(dataType) !== true) {
    throw new Refusal('CONFLICT', 'No connection is enabled for this data type, and none can be made by an upload.')
  }
  // Two first uploads at once: the second finds, behind the lock, what the first one made.
  await lockDistrict(trx, districtId)
  const madeMeanwhile = await findEnabledConfiguration(trx, { districtId, dataType })
  if (madeMeanwhile !== undefined) return madeMeanwhile.connectionId
  const wanted = { connector: uploadConnector, name: uploadConnector.label, settings: {}, createdBy: choice.createdBy }
  return (await makeConnection(trx, scope, secrets, wanted)).id
}

async function checkConnection(
  trx: Transaction<Database>,
  { dataType, connectionId, isTest }: Choice & { readonly connectionId: string },
): Promise<string> {
  const connection = await findConnection(trx, connectionId)
  if (connection === undefined) throw new Refusal('NOT_FOUND', 'There is no connection of this id in the district.')
  const configuration = await findConfiguration(trx, { connectionId, dataType })
  if (configuration === undefined) throw new Refusal('CONFLICT', 'The connection is not configured for this data type.')
  if (!configuration.isEnabled && !isTest) {
    throw new Refusal('CONFLICT', 'Another connection is enabled for this data type; a test import is possible.')
  }
  return connectionId
}
