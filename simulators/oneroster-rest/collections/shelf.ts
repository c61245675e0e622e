import type { District } from '../../invented-district/invent-district.ts'
import { listingOf, type Listing } from '../../invented-district/listing.ts'
import type { RosterRecord } from '../../invented-district/records.ts'
import type { Need } from '../auth/scopes.ts'
import type { StandInOptions, Version } from '../options.ts'
import type { Json } from '../query/parse-filter.ts'
import { withoutBlanks, type Binding } from './binding.ts'
import { writers11 } from './write-1-1.ts'
import { writers12 } from './write-1-2.ts'
import type { Writers } from './writers.ts'

/** One kind of record, as this provider keeps and writes it. */
export type Shelf = {
  readonly plural: string
  readonly singular: string
  readonly service: 'rostering' | 'gradebook'
  readonly need: Need
  readonly records: Listing<RosterRecord>
  /** Every key that a record can have. */
  readonly fields: ReadonlySet<string>
  write(record: RosterRecord): Json
}

export type ShelfName =
  | 'orgs'
  | 'academicSessions'
  | 'courses'
  | 'classes'
  | 'users'
  | 'enrollments'
  | 'demographics'
  | 'categories'
  | 'lineItems'
  | 'results'
  | 'resources'

export type Shelves = Readonly<Record<ShelfName, Shelf>>

export function makeShelves(
  district: District,
  version: Version,
  booleans: StandInOptions['booleans'],
  bases: { readonly rostering: string; readonly gradebook: string },
): Shelves {
  const writers = version === '1.1' ? writers11 : writers12
  const binding: Binding = { ...bases, boolean: (value) => (booleans === 'json' ? value : String(value)) }
  type Kind = keyof Writers
  const make = <K extends Kind>(
    plural: ShelfName,
    kind: K,
    records: Listing<Parameters<Writers[K]>[0]>,
    service: Shelf['service'] = 'rostering',
    need: Need = 'core',
  ): Shelf => {
    // Typed by the parameters above; a Writer of a union cannot be called otherwise.
    const whole = (record: RosterRecord): Json =>
      (writers[kind] as (one: RosterRecord, binding: Binding) => Json)(record, binding)
    const fields = new Set(records.size === 0 ? [] : [...Object.keys(whole(records.at(0))), 'metadata'])
    const write = version === '1.1' ? whole : (record: RosterRecord) => withoutBlanks(whole(record))
    return { plural, singular: kind, service, need, records, fields, write }
  }
  return {
    orgs: make('orgs', 'org', district.orgs),
    academicSessions: make('academicSessions', 'academicSession', district.academicSessions),
    courses: make('courses', 'course', district.courses),
    classes: make('classes', 'class', district.classes),
    users: make('users', 'user', district.users),
    enrollments: make('enrollments', 'enrollment', district.enrollments),
    demographics: make('demographics', 'demographics', district.demographics, 'rostering', 'demographics'),
    categories: make('categories', 'category', district.categories, 'gradebook', 'gradebook'),
    lineItems: make('lineItems', 'lineItem', district.lineItems, 'gradebook', 'gradebook'),
    results: make('results', 'result', district.results, 'gradebook', 'gradebook'),
    // The district has none: the collection is there and empty.
    resources: {
      ...{ plural: 'resources', singular: 'resource', service: 'rostering', need: 'resources' },
      ...{ records: listingOf<RosterRecord>([]), fields: new Set(), write: () => ({}) },
    },
  }
}
