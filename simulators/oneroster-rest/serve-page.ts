import { jsonAnswer, Refusal, statusInfo, type Answer } from './answer.ts'
import type { Found } from './collections/catalog.ts'
import type { Due } from './faults/armed-faults.ts'
import type { Page } from './faults/fault.ts'
import type { Provider } from './provider.ts'
import { linkHeader, urlOfPage } from './query/link-header.ts'
import type { Json } from './query/parse-filter.ts'
import type { Query } from './query/read-query.ts'

export type ServedPage = { readonly answer: Answer; readonly page: Page; readonly due: readonly Due[] }

/** One page of a collection, with the faults that are due on it. `path` is below the base. Throws a Refusal. */
export function servePage(provider: Provider, found: Found, query: Query, url: URL, path: string): ServedPage {
  const collection = path.split('/').at(-1) ?? ''
  const limit = Math.min(query.limit, provider.pageCap, provider.faults.cap(collection))
  const number = Math.floor(query.offset / limit) + 1
  const page = { version: provider.version, path, collection, number, offset: query.offset, limit }
  const due = provider.faults.take(page, query.filter !== undefined)
  if (due.some(({ kind }) => kind.revokesTokens === true)) provider.tokens?.revokeAll()
  for (const { kind, numbers } of due) {
    const instead = kind.refuse?.(page, numbers)
    if (instead !== undefined) return { answer: instead, page, due }
  }
  const answer = writePage(provider, found, query, url, page, due)
  provider.faults.pageServed(page, due)
  return { answer, page, due }
}

function writePage(provider: Provider, found: Found, query: Query, url: URL, page: Page, due: readonly Due[]): Answer {
  const { fields, warnings } = readFields(provider, found, query)
  const isFiltered = !due.some(({ kind }) => kind.ignoresFilter === true)
  const rows = provider.catalog.rows(found, isFiltered ? query : { ...query, filter: undefined })
  const view = provider.faults.viewOf(page, rows.size, due)
  const shown: Json[] = []
  for (let at = page.offset; at < Math.min(page.offset + page.limit, view.size); at++) {
    const row = due.reduce((one, { kind }) => kind.row?.(one, shown.length) ?? one, rows.at(view.source(at)))
    shown.push(fields === undefined ? row : pickFields(row, fields))
  }
  const envelope = due.reduce((name, { kind }) => kind.envelope?.(name, page) ?? name, found.shelf.plural)
  const body = { [envelope]: shown, ...(warnings.length === 0 ? {} : { statusInfoSet: warnings }) }
  const answer = jsonAnswer(200, body, pageHeaders(url, page, view.size, shown.length, due))
  return due.reduce((one, { kind }) => (kind.body === undefined ? one : { ...one, body: kind.body(one.body) }), answer)
}

function pageHeaders(
  url: URL,
  { offset, limit }: Page,
  size: number,
  returned: number,
  due: readonly Due[],
): Record<string, string> {
  const place = { offset, limit, total: size }
  const headers: Record<string, string> = { 'x-returned-count': String(returned) }
  const total = due.reduce<number | undefined>(
    (count, { kind, numbers }) =>
      kind.total === undefined || count === undefined ? count : kind.total(count, numbers),
    size,
  )
  if (total !== undefined) headers['x-total-count'] = String(total)
  const urlOf = (at: number) => urlOfPage(url, at, limit)
  const next = due.map(({ kind }) => kind.next?.(place, urlOf)).find((one) => one !== undefined)
  if (next === undefined) headers['link'] = linkHeader(url, place)
  else if (next !== null) headers['link'] = `<${next}>; rel="next", <${urlOf(0)}>; rel="first"`
  return headers
}

/** 1.1 passes over a field that is not there, and warns; 1.2 refuses the request. */
function readFields(provider: Provider, { shelf }: Found, { fields, sort }: Query) {
  const unknown = (fields ?? []).filter((field) => !shelf.fields.has(field.split('.')[0] ?? ''))
  const isKnownSort = sort === undefined || shelf.fields.has(sort.split('.')[0] ?? '')
  const what = `There is no field ${unknown.join(', ')}`
  if (provider.version === '1.2' && unknown.length > 0) throw new Refusal(400, 'invalidSelection', what)
  const warnings = [
    ...(unknown.length > 0 ? [statusInfo('invalidSelection', what, 'warning')] : []),
    ...(isKnownSort ? [] : [statusInfo('invalidSort', `There is no field ${sort}`, 'warning')]),
  ]
  return {
    fields: fields?.filter((field) => !unknown.includes(field)),
    // 1.2 has no place for a warning beside a collection.
    warnings: provider.version === '1.1' ? warnings : [],
  }
}

/** Only the fields that are asked for. */
export function pickFields(row: Json, fields: readonly string[]): Json {
  return Object.fromEntries(Object.entries(row).filter(([key]) => fields.includes(key)))
}
