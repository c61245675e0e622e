import type { IncomingMessage } from 'node:http'
import { jsonAnswer, Refusal, refusalAnswer, type Answer } from './answer.ts'
import type { Found } from './collections/catalog.ts'
import type { Due } from './faults/armed-faults.ts'
import { basePaths } from './options.ts'
import { tokenPath, type Provider } from './provider.ts'
import { readQuery } from './query/read-query.ts'
import { pickFields, servePage } from './serve-page.ts'

/** What to send, and how it goes wrong on the way. */
export type Response = { readonly answer: Answer; readonly due: readonly Due[] }

export type Incoming = Pick<IncomingMessage, 'method' | 'url' | 'headers'> & { readonly body: string }

/** Answers everything but the control routes. */
export function respond(provider: Provider, request: Incoming, origin: string): Response {
  const { method = 'GET', url: target = '/' } = request
  const url = new URL(origin + target)
  try {
    if (url.pathname === tokenPath && provider.tokens !== undefined) {
      const { authorization, 'content-type': contentType } = request.headers
      return plain(provider.tokens.give({ method, authorization, contentType, body: request.body }))
    }
    const { found, path } = findCollection(provider, url.pathname)
    if (method !== 'GET') throw new Refusal(405, 'invalidData', 'Only GET is served', { allow: 'GET' })
    return answerGet(provider, found, path, url, {
      method,
      origin,
      target,
      authorization: request.headers.authorization,
    })
  } catch (error) {
    if (error instanceof Refusal) return plain(refusalAnswer(provider.version, error))
    throw error
  }
}

function answerGet(
  provider: Provider,
  found: Found,
  path: string,
  url: URL,
  signed: { method: string; origin: string; target: string; authorization: string | undefined },
): Response {
  // Gone through before the signature: the log has what was asked for, whoever asked.
  const query = readQuery(url.searchParams)
  const isSingle = found.sourcedId !== undefined
  const entry = {
    at: new Date(provider.now()).toISOString(),
    ...{ method: signed.method, path, offset: isSingle ? 0 : query.offset, limit: isSingle ? 1 : query.limit },
    filter: query.filter ?? null,
  }
  try {
    provider.authorize(signed, found.isNested && found.shelf.need === 'core' ? 'nested' : found.shelf.need)
    if (isSingle) {
      const record = provider.catalog.single(found)
      const shown = query.fields === undefined ? record : pickFields(record, query.fields)
      provider.log.add({ ...entry, page: 1, outcome: 200 })
      return plain(jsonAnswer(200, { [found.shelf.singular]: shown }))
    }
    const { answer, page, due } = servePage(provider, found, query, url, path)
    const broken = due.map(({ kind }) => kind.connection).find((one) => one !== undefined)
    provider.log.add({ ...entry, limit: page.limit, page: page.number, outcome: broken ?? answer.status })
    return { answer, due }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const page = Math.floor(entry.offset / Math.min(entry.limit, provider.pageCap)) + 1
    provider.log.add({ ...entry, page, outcome: error.status })
    throw error
  }
}

function plain(answer: Answer): Response {
  return { answer, due: [] }
}

/** Throws a Refusal for what this provider has no collection for. */
function findCollection(provider: Provider, pathname: string): { found: Found; path: string } {
  const { rostering, gradebook } = basePaths[provider.version]
  const services = rostering === gradebook ? (['both'] as const) : (['rostering', 'gradebook'] as const)
  for (const service of services) {
    const base = service === 'gradebook' ? gradebook : rostering
    if (!pathname.startsWith(`${base}/`)) continue
    const path = pathname.slice(base.length).replaceAll(/^\/+|\/+$/g, '')
    const found = provider.catalog.find(path, service)
    if (found !== undefined) return { found, path }
  }
  throw new Refusal(404, 'unknownObject', 'There is nothing under this path')
}
