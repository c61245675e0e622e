import type { Json } from '../query/parse-filter.ts'
import type { FaultKind } from './fault.ts'

/** Pages that add up, with records that say what they should not. Single ones are the first row of the first page. */
export const faultsOfRows = {
  'inactive-status': {
    about: 'what was withdrawn is inactive, as in 1.0, in place of tobedeleted',
    row: (row) => (row['status'] === 'tobedeleted' ? { ...row, status: 'inactive' } : row),
  },
  'touched-dates': {
    about: 'every record was last modified just now, as after a nightly export',
    row: (row) => ({ ...row, dateLastModified: new Date().toISOString() }),
  },
  'missing-value': {
    about: 'a record has no name or title, or an enrollment no user',
    page: 1,
    row: (row, at) => (at > 0 ? row : changeEach(row, (key) => (requiredKeys.has(key) ? null : undefined))),
  },
  'local-dates': {
    about: 'dates of a record are written as 9/14/2026',
    page: 1,
    row: (row, at) => (at > 0 ? row : changeEach(row, (_, value) => toLocalDate(value))),
  },
  'dangling-reference': {
    about: 'all references of a record lead to what is not there',
    page: 1,
    row: (row, at) => (at > 0 ? row : changeEach(row, (_, value) => toNowhere(value))),
  },
  'unknown-role': {
    about: 'a user or an enrollment has a role that OneRoster does not know',
    page: 1,
    row: (row, at) => (at > 0 ? row : changeEach(row, toUnknownRole)),
  },
  'repeated-row': {
    about: 'the first record of a page is there twice; the second one is not',
    page: 1,
    view: ({ offset }, size) => ({ size, source: (position) => (position === offset + 1 ? offset : position) }),
  },
  'row-without-id': {
    about: 'a record has no sourcedId',
    page: 1,
    row: ({ sourcedId, ...rest }, at) => (at > 0 ? { sourcedId, ...rest } : rest),
  },
} satisfies Readonly<Record<string, FaultKind>>

const requiredKeys = new Set(['familyName', 'name', 'title', 'user', 'student'])

/** Other values where `change` gives one. */
function changeEach(row: Json, change: (key: string, value: unknown) => unknown): Json {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => {
      const changed = change(key, value)
      return [key, changed === undefined ? value : changed]
    }),
  )
}

function toLocalDate(value: unknown): string | undefined {
  const [, year, month, day] = (typeof value === 'string' && /^(\d{4})-(\d\d)-(\d\d)$/.exec(value)) || []
  return day === undefined ? undefined : `${String(Number(month))}/${String(Number(day))}/${String(year)}`
}

function toNowhere(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => toNowhere(item) ?? item)
  if (typeof value !== 'object' || value === null || !('href' in value)) return undefined
  return { ...value, href: 'https://nowhere.example/x', sourcedId: 'nowhere' }
}

function toUnknownRole(key: string, value: unknown): unknown {
  if (key === 'role') return 'coach'
  if (key !== 'roles' || !Array.isArray(value)) return undefined
  return value.map((role: object) => ({ ...role, role: 'ext:coach' }))
}
