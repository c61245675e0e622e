import type { OneRosterType } from '../kit/one-roster/data-types/one-roster-type.ts'
import { readingOrder } from '../kit/one-roster/format/files.ts'
import type { OneRosterRestSettings } from './settings.ts'

/** Files of the CSV binding that are parts of users here. */
const insideOfUsers = new Set(['roles', 'userProfiles'])
const gradebook = new Set(['categories', 'lineItems', 'results'])

/** The collections that a data type needs, in the order in which the kit reads them. */
export function listCollections(type: OneRosterType): readonly string[] {
  const wanted = new Set(
    type.reads ?? ['orgs', type.file, ...type.besides, ...type.collections.map(({ name }) => name)],
  )
  return readingOrder.filter((name) => wanted.has(name) && !insideOfUsers.has(name))
}

/** Without which a run has nothing to import. A scope for the others may be missing. */
export function isNeeded(type: OneRosterType, collection: string): boolean {
  return collection === 'orgs' || type.needs.includes(collection)
}

export function findCollectionUrl({ baseUrl, gradebookUrl }: OneRosterRestSettings, collection: string): URL {
  const base = gradebook.has(collection)
    ? (gradebookUrl ?? baseUrl.replace(/\/rostering\/(v1p2\/?)$/, '/gradebook/$1'))
    : baseUrl
  return new URL(`${base.replace(/\/$/, '')}/${collection}`)
}
