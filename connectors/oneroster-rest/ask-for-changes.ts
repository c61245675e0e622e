import { readRows, type JsonObject } from '../kit/json/read-rows.ts'
import type { PageClient } from '../kit/http/page-client.ts'
import type { HttpAnswer } from '../kit/http/send-request.ts'
import type { ChangesPolicy } from '../connector.ts'
import { getOneRosterType } from '../kit/one-roster/data-types/registry.ts'
import type { OneRosterRestSettings } from './settings.ts'

const hourMs = 60 * 60 * 1000
/** A day, because some providers write the time of their place and call it UTC. */
export const overlapMs = 24 * hourMs

/** Half a day less than what is wanted, so that a reading at the same hour of the week is one of everything. */
export function findChangesPolicy({ changes }: OneRosterRestSettings, dataType: string): ChangesPolicy | undefined {
  if (changes === undefined || getOneRosterType(dataType).followsChanges === undefined) return undefined
  return { wholeEveryMs: (changes.wholeEveryDays * 24 - 12) * hourMs, overlapMs }
}

export function withFilter(url: URL, since: string): URL {
  const filtered = new URL(url)
  filtered.searchParams.set('filter', `dateLastModified>='${since}'`)
  return filtered
}

/**
 * Whether a provider gives what changed, and that alone: nothing since a day that is far ahead, all it has since one
 * long ago, and it has something. Many pass over the filter, and one that always finds nothing would be believed for a week.
 * `url` asks for one row.
 */
export async function givesChanges(client: PageClient, url: URL, collection: string): Promise<boolean> {
  const all = await countRows(client, url, collection)
  if (all === undefined || all.total === 0 || all.rows === 0) return false
  const ahead = await countRows(client, withFilter(url, '2200-01-01T00:00:00.000Z'), collection)
  if (ahead === undefined || ahead.total > 0 || ahead.rows > 0) return false
  const ever = await countRows(client, withFilter(url, '1970-01-01T00:00:00.000Z'), collection)
  return ever !== undefined && ever.total === all.total && ever.rows > 0
}

/** Whether each row says that it changed since. */
export function areChanges(rows: readonly JsonObject[], since: string): boolean {
  const from = Date.parse(since)
  return rows.every(({ dateLastModified: at }) => typeof at === 'string' && Date.parse(at) >= from)
}

async function countRows(client: PageClient, url: URL, collection: string) {
  const answer = await client.get(url)
  const rows = answer.status === 200 ? readRows(answer.body, collection)?.length : undefined
  const total = readTotal(answer)
  return rows === undefined || total === undefined ? undefined : { rows, total }
}

/** How many rows the provider says there are. */
export function readTotal({ headers }: HttpAnswer): number | undefined {
  const header = headers['x-total-count']
  return typeof header === 'string' && /^\d+$/.test(header) ? Number(header) : undefined
}
