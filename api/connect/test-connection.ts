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

/** Whether the connection has a source that its runs ask. False too where a file's would be named in settings that do not open. */
export function fetchesInput(connection: ConnectionRow, secrets: SecretBox): boolean {
  const connector = getKnownConnector(connection.connector)
  const { intake } = connector
  if (intake.kind === 'pages') return true
  if (intake.source === undefined) return false
  try {
    const opened = secrets.open({ keyId: connection.keyId, sealed: connection.settingsSealed }, connection.id)
    const settings = connector.settings.safeParse(JSON.parse(opened))
    return settings.success && intake.source.isNamed(settings.data)
  } catch {
    return false
  }
}
