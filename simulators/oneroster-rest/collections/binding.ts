import type { RosterRecord } from '../../invented-district/records.ts'
import type { Json } from '../query/parse-filter.ts'

/** How values are written, whatever the record. */
export type Binding = {
  /** URLs of the two bases, without a slash at the end. */
  readonly rostering: string
  readonly gradebook: string
  readonly boolean: (value: boolean) => unknown
}

const collectionOf = {
  org: 'orgs',
  academicSession: 'academicSessions',
  course: 'courses',
  class: 'classes',
  user: 'users',
  category: 'categories',
  lineItem: 'lineItems',
} as const

export type RefType = keyof typeof collectionOf

/** `{ href, sourcedId, type }`. */
export function refTo({ rostering, gradebook }: Binding, type: RefType, sourcedId: string): Json {
  const base = type === 'category' || type === 'lineItem' ? gradebook : rostering
  return { href: `${base}/${collectionOf[type]}/${encodeURIComponent(sourcedId)}`, sourcedId, type }
}

export function refsTo(binding: Binding, type: RefType, ids: readonly string[]): Json[] {
  return ids.map((sourcedId) => refTo(binding, type, sourcedId))
}

export function opening({ sourcedId, status, dateLastModified, metadata }: RosterRecord): Json {
  return { sourcedId, status, dateLastModified, ...(metadata === undefined ? {} : { metadata }) }
}

/** A date where the binding wants an instant. */
export function instantOf(date: string): string {
  return `${date}T00:00:00.000Z`
}

/** What has no value is left out. */
export function withoutBlanks(record: Json): Json {
  return Object.fromEntries(
    Object.entries(record).filter(
      ([, value]) =>
        value !== '' && value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  )
}

const races = [
  'americanIndianOrAlaskaNative',
  'asian',
  'blackOrAfricanAmerican',
  'nativeHawaiianOrOtherPacificIslander',
  'white',
  'demographicRaceTwoOrMoreRaces',
] as const

export function racesOf({ boolean }: Binding, race: string): Json {
  return Object.fromEntries(races.map((name) => [name, boolean(name === race)]))
}
