import type { Page } from '../../api/contract/paging.ts'
import type { RosterRecord } from '../../api/contract/record.ts'
import type { ApiClient } from '../server/api-client.ts'
import { connectToServer } from '../server/connect.ts'
import { CommandFailure, exitCodes } from '../exit-codes.ts'
import { printJsonPages } from '../server/json-pages.ts'
import { printBody } from '../print.ts'
import type { RecordsFlags } from '../program.ts'

export async function listRecords(dataType: string, options: RecordsFlags): Promise<number> {
  if (options.district === undefined) {
    throw new CommandFailure("required option '--district <slug>' not specified", exitCodes.wrongUsage)
  }
  const api = connectToServer()
  const path = pathOfRecords(options.district, dataType)
  const asked = {
    ...(options.search === undefined ? {} : { search: options.search }),
    ...(options.filter.length === 0 ? {} : { filter: readFilter(options.filter) }),
    ...(options.sort === undefined ? {} : { sort: options.sort }),
  }
  if (Object.keys(asked).length > 0) {
    await printFound(api, `${path}/search`, { ...asked, status: options.all === true ? 'all' : 'active' }, options)
    return exitCodes.done
  }
  const query = { all: options.all === true, ...(options.jsonl === true ? { format: 'jsonl' } : {}) }
  if (options.json) await printJsonPages(api.pages<RosterRecord>(path, query))
  else await printBody(await api.send('GET', path, { query, headers: { accept: 'text/csv' } }))
  return exitCodes.done
}

export function pathOfRecords(district: string, dataType: string): string {
  return `/api/districts/${encodeURIComponent(district)}/records/${encodeURIComponent(dataType)}`
}

/** What is looked for goes into the body of a POST: an address is written down on its way. */
async function printFound(api: ApiClient, path: string, body: object, options: RecordsFlags): Promise<void> {
  if (options.json) await printJsonPages(pagesOf(api, path, body))
  else {
    const format = options.jsonl === true ? 'jsonl' : 'csv'
    await printBody(await api.send('POST', path, { json: { ...body, format } }))
  }
}

async function* pagesOf(api: ApiClient, path: string, body: object): AsyncGenerator<readonly RosterRecord[]> {
  for (let cursor: string | null | undefined; cursor !== null;) {
    const json = { ...body, limit: 1000, ...(cursor === undefined ? {} : { cursor }) }
    const response = await api.send('POST', path, { json })
    const page = (await response.json()) as Page<RosterRecord> // our own API, its contract is tested elsewhere
    yield page.items
    cursor = page.nextCursor
  }
}

function readFilter(given: readonly string[]): Record<string, string[]> {
  const filter: Record<string, string[]> = {}
  for (const { name, value } of given.map((text) => splitPair('--filter', text))) {
    filter[name] = [...(filter[name] ?? []), value]
  }
  return filter
}

/** `field=value`, the value being all behind the first sign. Throws a CommandFailure without one. */
export function splitPair(option: string, text: string): { readonly name: string; readonly value: string } {
  const at = text.indexOf('=')
  if (at < 1) throw new CommandFailure(`${option} takes field=value`, exitCodes.wrongUsage)
  return { name: text.slice(0, at), value: text.slice(at + 1) }
}
