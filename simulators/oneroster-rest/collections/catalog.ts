import type { District } from '../../invented-district/invent-district.ts'
import type { Listing } from '../../invented-district/listing.ts'
import type { RosterRecord } from '../../invented-district/records.ts'
import { Refusal } from '../answer.ts'
import type { Version } from '../options.ts'
import { compareValues, parseFilter, valuesAt, type Json } from '../query/parse-filter.ts'
import type { Query } from '../query/read-query.ts'
import { routes, type Ids, type Route } from './routes.ts'
import type { Shelf, ShelfName, Shelves } from './shelf.ts'

/** What a path names: a collection, or one record of it. */
export type Found = {
  readonly shelf: Shelf
  readonly route: Route
  readonly ids: Ids
  /** The record, when the path ends with its id. */
  readonly sourcedId?: string
  readonly isNested: boolean
}

/** The rows of a collection in their order; no row is made before it is asked for. */
export type Rows = { readonly size: number; at(index: number): Json }

const shelfOfId: Readonly<Record<string, ShelfName>> = {
  ...{ school: 'orgs', class: 'classes', term: 'academicSessions', course: 'courses' },
  ...{ user: 'users', lineItem: 'lineItems' },
}

/** Finds and chooses in one state of the district. A choice that was made is kept while others do not push it out. */
export class Catalog {
  readonly #district: District
  readonly #shelves: Shelves
  readonly #version: Version
  readonly #chosen = new Map<string, Uint32Array>()
  readonly #positions = new WeakMap<Listing<RosterRecord>, ReadonlyMap<string, number>>()

  constructor(district: District, shelves: Shelves, version: Version) {
    this.#district = district
    this.#shelves = shelves
    this.#version = version
  }

  /** `path` below the base, without slashes at the ends. */
  find(path: string, service: 'rostering' | 'gradebook' | 'both'): Found | undefined {
    const parts = path.split('/').map(decodePart)
    for (const route of routes) {
      const shelf = this.#shelves[route.shelf]
      if (service !== 'both' && shelf.service !== service) continue
      const pattern = route.path.split('/')
      const isSingle = pattern.length === 1 && parts.length === 2
      if (!isSingle && pattern.length !== parts.length) continue
      if (!pattern.every((part, at) => part.startsWith(':') || part === parts[at])) continue
      const named = pattern.flatMap((part, at) =>
        part.startsWith(':') ? [[part.slice(1), parts[at] ?? ''] as const] : [],
      )
      const last = isSingle ? { sourcedId: parts[1] ?? '' } : {}
      return { shelf, route, ids: Object.fromEntries(named), isNested: pattern.length > 1, ...last }
    }
    return undefined
  }

  /** One record; throws a Refusal when it is not there, or not in this collection. */
  single({ shelf, route, ids, sourcedId = '' }: Found): Json {
    const record = this.#recordOf(shelf, sourcedId)
    const keep = record === undefined ? undefined : this.#keep(route, ids)
    if (record === undefined || keep?.(record) === false) unknown(shelf.singular)
    return shelf.write(record)
  }

  /** The rows of a collection after filter and sort. Throws a Refusal, also when the path names what is not there. */
  rows(found: Found, query: Pick<Query, 'filter' | 'sort' | 'isDescending'>): Rows {
    const { shelf, route, ids } = found
    for (const [name, id] of Object.entries(ids)) {
      const parent = this.#shelves[shelfOfId[name] ?? 'orgs']
      if (this.#recordOf(parent, id) === undefined) unknown(parent.singular)
    }
    const isWhole = route.choose === undefined && query.filter === undefined && query.sort === undefined
    const indexes = isWhole ? undefined : this.#choose(found, query)
    return {
      size: indexes?.length ?? shelf.records.size,
      at: (index) => shelf.write(shelf.records.at(indexes?.[index] ?? index)),
    }
  }

  #choose(
    { shelf, route, ids }: Found,
    { filter, sort, isDescending }: Pick<Query, 'filter' | 'sort' | 'isDescending'>,
  ): Uint32Array {
    const key = JSON.stringify([route.path, ids, filter, sort, isDescending])
    const known = this.#chosen.get(key)
    if (known !== undefined) return known
    const keep = this.#keep(route, ids)
    const holds = filter === undefined ? undefined : parseFilter(filter, shelf.fields)
    const chosen: number[] = []
    for (let index = 0; index < shelf.records.size; index++) {
      const record = shelf.records.at(index)
      if (keep?.(record) !== false && holds?.(shelf.write(record)) !== false) chosen.push(index)
    }
    const indexes = Uint32Array.from(chosen)
    if (sort !== undefined && shelf.fields.has(sort.split('.')[0] ?? '')) {
      const values = new Map(chosen.map((at) => [at, valuesAt(shelf.write(shelf.records.at(at)), sort)[0] ?? '']))
      const direction = isDescending ? -1 : 1
      indexes.sort((a, b) => direction * compareValues(values.get(a) ?? '', values.get(b) ?? '') || a - b)
    }
    this.#chosen.set(key, indexes)
    const [oldest] = this.#chosen.keys()
    if (this.#chosen.size > 16 && oldest !== undefined) this.#chosen.delete(oldest)
    return indexes
  }

  #keep({ choose }: Route, ids: Ids): ((record: RosterRecord) => boolean) | undefined {
    // The record is one of the route's own shelf, whose type the route was written with.
    return choose?.(this.#district, ids, this.#version) as ((record: RosterRecord) => boolean) | undefined
  }

  #recordOf({ records }: Shelf, sourcedId: string): RosterRecord | undefined {
    let positions = this.#positions.get(records)
    if (positions === undefined) {
      positions = new Map(Array.from({ length: records.size }, (_, index) => [records.at(index).sourcedId, index]))
      this.#positions.set(records, positions)
    }
    const at = positions.get(sourcedId)
    return at === undefined ? undefined : records.at(at)
  }
}

function unknown(singular: string): never {
  throw new Refusal(404, 'unknownObject', `There is no ${singular} with that sourcedId`)
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
