import { createHash } from 'node:crypto'
import { RollbookFailure } from '../../domain/errors.ts'
import type { ConnectionTest, FetchedPart, KeptPart, PagesRequest, Surroundings } from '../connector.ts'
import { PageClient, refused } from '../kit/http/page-client.ts'
import type { HttpAnswer } from '../kit/http/send-request.ts'
import { readRows } from '../kit/json/read-rows.ts'
import { getOneRosterType } from '../kit/one-roster/data-types/registry.ts'
import { findCollectionUrl, isNeeded, listCollections } from './collections.ts'
import { areChanges, givesChanges, readTotal, withFilter } from './ask-for-changes.ts'
import { findNextPlace, type Place } from './find-next-place.ts'
import type { OneRosterRestSettings } from './settings.ts'

const timeoutMs = 120_000
const maxPageBytes = 128 << 20
/** A provider whose pages never end. */
const mostPages = 200_000

/** Every page of the collections that the data type needs, one collection after the other, from where `kept` ends. */
export async function* readPages({
  settings,
  surroundings,
  dataType,
  signal,
  changesSince,
  kept,
}: PagesRequest<OneRosterRestSettings>): AsyncGenerator<FetchedPart> {
  const type = getOneRosterType(dataType)
  const client = createClient(settings, surroundings, signal)
  for (const collection of listCollections(type)) {
    const last = kept.findLast((part) => part.collection === collection)
    const isOptional = !isNeeded(type, collection)
    const since = type.followsChanges?.includes(collection) === true ? changesSince?.toISOString() : undefined
    yield* readCollection({ client, settings, collection, isOptional, since }, last)
  }
}

type CollectionRequest = {
  readonly client: PageClient
  readonly settings: OneRosterRestSettings
  readonly collection: string
  readonly isOptional: boolean
  /** Only what changed since then is wanted. */
  readonly since: string | undefined
}

/** At its first page; a provider that cannot be asked for changes is asked for everything. */
async function begin({ client, settings, collection, since }: CollectionRequest): Promise<Place> {
  if (since === undefined) return firstPlace
  const oneRow = urlOf(findCollectionUrl(settings, collection), firstPlace, 1)
  return (await givesChanges(client, oneRow, collection)) ? { ...firstPlace, since } : unheard
}

async function* readCollection(request: CollectionRequest, last: KeptPart | undefined): AsyncGenerator<FetchedPart> {
  const { settings, collection, isOptional } = request
  const start = findCollectionUrl(settings, collection)
  let place: Place | undefined = last === undefined ? await begin(request) : readPlace(last.next)
  while (place !== undefined) {
    const { page } = place
    if (page > mostPages) throw new RollbookFailure('SOURCE_REFUSED', `The pages of ${collection} do not end.`)
    const url = urlOf(start, place, settings.pageSize)
    const answer = await askForPage(request, url, place)
    const name = `${collection}-${place.isUnheard ? 'all-' : ''}${String(page).padStart(5, '0')}.json`
    const asked = place.since !== undefined ? { changes: 'alone' } : place.isUnheard ? { changes: 'unheard' } : {}
    if (answer.status !== 200) {
      // Behind its last row a provider may say that there is nothing; and what we may not see is not read.
      const isEnd = page > 1 && place.isTotalReached
      if (!isEnd && !(page === 1 && isOptional && [403, 404].includes(answer.status))) throw refused(answer.status)
      const facts = { ...asked, [isEnd ? 'end' : 'refused']: String(answer.status) }
      yield { collection, name, next: null, facts, content: once(Buffer.from('{}')) }
      return
    }
    const objects = readRows(answer.body, collection) ?? []
    if (place.since !== undefined && !areChanges(objects, place.since)) {
      place = unheard
      continue
    }
    const rows = objects.length
    const total = readTotal(answer)
    const digest = digestOf(answer)
    // Twice the same from a provider that goes on giving its last page.
    const isRepeated = rows > 0 && digest === place.digest
    if (isRepeated && !place.isTotalReached) {
      throw new RollbookFailure('SOURCE_UNAVAILABLE', `It gives the same page of ${collection} again and again.`)
    }
    const { link } = answer.headers
    const next: Place | undefined = isRepeated
      ? undefined
      : findNextPlace(place, { url, link: Array.isArray(link) ? link.join(', ') : link, rows, total, digest })
    const facts = { ...asked, ...(total !== undefined && { total: String(total) }) }
    yield {
      ...{ collection, name, facts, content: once(answer.body) },
      next: next === undefined ? null : JSON.stringify(next),
    }
    place = next
  }
}

const firstPlace: Place = { page: 1, offset: 0, digest: '', isTotalReached: false }
const unheard: Place = { ...firstPlace, isUnheard: true }

/** Of a page that has the rows of the one before it once more: it may have been a slip. */
async function askForPage({ client, collection }: CollectionRequest, url: URL, place: Place): Promise<HttpAnswer> {
  const isWhole = ({ status, body }: HttpAnswer) => status !== 200 || readRows(body, collection) !== undefined
  const answer = await client.get(url, isWhole)
  const isRepeated = answer.status === 200 && place.page > 1 && digestOf(answer) === place.digest
  return isRepeated && !place.isTotalReached ? await client.get(url, isWhole) : answer
}

function urlOf(start: URL, { offset, url, since }: Place, limit: number): URL {
  if (url !== undefined) return new URL(url)
  const page = since === undefined ? new URL(start) : withFilter(start, since)
  page.searchParams.set('limit', String(limit))
  page.searchParams.set('offset', String(offset))
  return page
}

function digestOf({ body }: HttpAnswer): string {
  return createHash('sha256').update(body).digest('base64url')
}

/** As it was written a page ago, by this or an earlier process. */
function readPlace(next: string | null): Place | undefined {
  return next === null ? undefined : (JSON.parse(next) as Place) // written by readCollection, and by nobody else
}

async function* once(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes)
}

function createClient(settings: OneRosterRestSettings, surroundings: Surroundings, signal: AbortSignal): PageClient {
  const { auth, caCertificate, pauseMs } = settings
  return new PageClient({ auth, caCertificate, pauseMs, surroundings, signal, timeoutMs, maxBytes: maxPageBytes })
}

const testPatienceMs = 30_000

/** Asks for one org. Never throws. */
export async function testProvider(
  settings: OneRosterRestSettings,
  surroundings: Surroundings,
): Promise<ConnectionTest> {
  try {
    const client = createClient(settings, surroundings, AbortSignal.timeout(testPatienceMs))
    const url = urlOf(findCollectionUrl(settings, 'orgs'), firstPlace, 1)
    const answer = await client.get(url)
    if (answer.status !== 200) throw refused(answer.status)
    const rows = readRows(answer.body, 'orgs')
    if (rows !== undefined) return { isConnected: true }
    return { isConnected: false, reason: 'What it answers is no page of OneRoster; look at the base URL.' }
  } catch (error) {
    if (error instanceof RollbookFailure) return { isConnected: false, reason: error.message }
    return { isConnected: false, reason: 'The provider did not answer within half a minute.' }
  }
}
