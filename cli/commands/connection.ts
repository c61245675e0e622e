import { readFile } from 'node:fs/promises'
import type { Connection } from '../../api/contract/connection.ts'
import { connectToServer } from '../connect.ts'
import { CommandFailure, exitCodes } from '../exit-codes.ts'
import { printJson, printTable, say } from '../print.ts'
import type { JsonFlag } from '../options.ts'
import type { ConnectionFlags } from '../program.ts'

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

export async function listConnections(options: JsonFlag & { readonly district?: string }): Promise<number> {
  const connections: Connection[] = []
  for await (const page of connectToServer().pages<Connection>('/api/connections', { district: options.district })) {
    connections.push(...page)
  }
  if (options.json) await printJson(connections)
  else
    await printTable(
      ['connection', 'district', 'connector', 'name', 'status'],
      connections.map(({ id, district, connector, name, status }) => [id, district, connector, name, status]),
    )
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
