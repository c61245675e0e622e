import { readFile } from 'node:fs/promises'
import type { Connection } from '../../api/contract/connection.ts'
import { connectToServer } from '../server/connect.ts'
import { readDistrictClocks, type DistrictClocks } from '../server/district-clocks.ts'
import { CommandFailure, exitCodes } from '../exit-codes.ts'
import { printJson, printTable, say } from '../print.ts'
import type { JsonFlag } from '../options.ts'
import type { ChangeConnectionFlags, ConnectionFlags, ConnectionListFlags } from '../connection-commands.ts'

export async function addConnection(options: ConnectionFlags): Promise<number> {
  const settings = await readSettings(options.settings)
  const connection = await connectToServer().post<Connection>(
    `/api/districts/${encodeURIComponent(options.district)}/connections`,
    { connector: options.connector, settings, ...(options.name === undefined ? {} : { name: options.name }) },
  )
  if (options.json) await printJson(connection)
  say(`Connection ${connection.id} is there; try it with: rollbook connection test ${connection.id}`)
  return exitCodes.done
}

export async function listConnections(options: ConnectionListFlags): Promise<number> {
  const connections: Connection[] = []
  const api = connectToServer()
  for await (const page of api.pages<Connection>('/api/connections', { district: options.district })) {
    connections.push(...page)
  }
  if (options.json) await printJson(connections)
  else {
    const clocks = await readDistrictClocks(api)
    await printTable(
      ['connection', 'district', 'connector', 'name', 'imports', 'status'],
      connections.map((one) => {
        const imports = one.enabledFor.length === 0 ? 'nothing' : one.enabledFor.join(', ')
        return [one.id, one.district, one.connector, one.name, imports, describeStatus(one, clocks)]
      }),
    )
  }
  return exitCodes.done
}

/** An upload needs nothing to be configured, and there is nothing to connect to. */
function describeStatus(
  { district, status, statusReason, takesUploads, lastImportAt }: Connection,
  clocks: DistrictClocks,
) {
  const last = lastImportAt === null ? 'no import yet' : `last import ${clocks(district, lastImportAt)}`
  if (takesUploads) return `takes uploads; ${last}`
  if (status === 'notConfigured') return `not tried yet; ${last}`
  return `${status}${statusReason === null ? '' : `: ${statusReason}`}; ${last}`
}

export async function changeConnection(id: string, options: ChangeConnectionFlags): Promise<number> {
  const { name } = options
  const change = { settings: await readSettings(options.settings), ...(name !== undefined && { name }) }
  const path = `/api/connections/${encodeURIComponent(id)}`
  const connection = await connectToServer().sendForJson<Connection>('PATCH', path, { json: change })
  if (options.json) await printJson(connection)
  say(`Connection ${connection.id} is changed; try it with: rollbook connection test ${connection.id}`)
  return exitCodes.done
}

/** Exit code 0 when connected, 3 when the source or the settings refuse. */
export async function testConnection(id: string, options: JsonFlag): Promise<number> {
  const connection = await connectToServer().post<Connection>(`/api/connections/${encodeURIComponent(id)}/test`, {})
  if (options.json) await printJson(connection)
  const isConnected = connection.status === 'connected'
  say(isConnected ? 'Connected.' : `Not connected: ${connection.statusReason ?? 'no reason given'}`)
  return isConnected ? exitCodes.done : exitCodes.refusedOrCancelled
}

async function readSettings(path: string): Promise<unknown> {
  let text: string
  try {
    text = await readFile(path === '-' ? '/dev/stdin' : path, 'utf8')
  } catch {
    throw new CommandFailure(`the settings file ${path} cannot be read`, exitCodes.wrongUsage, 'FILE_UNUSABLE')
  }
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own message quotes the text, which may hold a credential.
    throw new CommandFailure(`the settings file ${path} is not JSON`, exitCodes.wrongUsage, 'FILE_UNUSABLE')
  }
}
