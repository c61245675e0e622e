import type { ConnectionHealth } from '../../api/contract/connection-health.ts'
import type { Connection } from '../../api/contract/connection.ts'
import type { District } from '../../api/contract/district.ts'
import { ApiFailure, type ApiClient } from '../server/api-client.ts'
import { countOf } from '../print.ts'
import { failing, ok, warn, type Check } from './check.ts'

/** Whether the token is good, and how the connections of the districts are that it may enter. */
export async function checkDistricts(client: ApiClient): Promise<Check[]> {
  try {
    const districts = await readAll<District>(client, '/api/districts')
    const checks = [ok('token', `good for ${countOf(districts.length, 'district')}`)]
    if (districts.length === 0) {
      return [...checks, warn('districts', 'none', 'Make the first: `rollbook district create <slug> --name <name>`.')]
    }
    const connections = await readAll<Connection>(client, '/api/connections')
    for (const { slug } of districts) {
      checks.push(
        ...(await checkDistrict(
          client,
          slug,
          connections.filter(({ district }) => district === slug),
        )),
      )
    }
    return checks
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error
    const isToken = error.status === 401 || error.status === 403
    const todo = isToken ? 'Set ROLLBOOK_TOKEN to a token that is good.' : 'Look at the log of the API.'
    return [failing(isToken ? 'token' : 'api', error.message, todo)]
  }
}

async function checkDistrict(client: ApiClient, slug: string, connections: readonly Connection[]): Promise<Check[]> {
  if (connections.length === 0) {
    const todo = `\`rollbook connection add --district ${slug} …\`, or \`rollbook import <zip> --district ${slug} …\`.`
    return [warn(`district ${slug}`, 'no connection', todo)]
  }
  const checks: Check[] = []
  for (const connection of connections) checks.push(await checkConnection(client, connection))
  return checks
}

async function checkConnection(client: ApiClient, { id, name, district }: Connection): Promise<Check> {
  const title = `${district}: ${name}`
  const health = await client.get<ConnectionHealth>(`/api/connections/${id}/health`)
  if (health.status === 'failed') {
    return failing(
      title,
      health.statusReason ?? 'its last test failed',
      `Mend it, then \`rollbook connection test ${id}\`.`,
    )
  }
  const [alarm] = health.alarms
  if (alarm !== undefined) return warn(title, alarm.text, `\`rollbook run list\` shows its runs.`)
  if (health.status === 'notConfigured') {
    return warn(title, 'never tried', `\`rollbook connection test ${id}\`.`)
  }
  return health.isHealthy ? ok(title, 'well') : warn(title, 'a feed is late', 'Ask whoever sends the files.')
}

async function readAll<Item>(client: ApiClient, path: string): Promise<Item[]> {
  const items: Item[] = []
  for await (const page of client.pages<Item>(path)) items.push(...page)
  return items
}
