import type { ConnectionTest, Surroundings } from '../../connectors/connector.ts'
import type { ConnectionRow } from '../../db/connect/connections.ts'
import type { SecretBox } from '../../platform/secret-box.ts'
import { getKnownConnector } from './make-connection.ts'

/** Opens the settings and lets the connector try them. A failure is an answer, with what to do about it. */
export async function testConnection(
  connection: ConnectionRow,
  secrets: SecretBox,
  surroundings: Surroundings,
): Promise<ConnectionTest> {
  let opened: string
  try {
    opened = secrets.open({ keyId: connection.keyId, sealed: connection.settingsSealed }, connection.id)
  } catch {
    const reason = `the settings are sealed with the key "${connection.keyId}", which does not open them; configure that key or add the connection again`
    return { isConnected: false, reason }
  }
  const connector = getKnownConnector(connection.connector)
  const settings = connector.settings.safeParse(JSON.parse(opened))
  if (!settings.success)
    return { isConnected: false, reason: 'the stored settings no longer fit; add the connection again' }
  return await connector.test(settings.data, surroundings)
}
