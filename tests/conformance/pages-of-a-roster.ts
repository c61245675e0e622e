import { withDistrict } from '../../db/database.ts'
import { renewFile, type ArchivedFile } from '../../db/import/inputs/archived-files.ts'
import { appendPart, completeParts, openPartsDraft, type PartRow } from '../../db/import/inputs/input-parts.ts'
import { claimStep } from '../../db/import/step-fence.ts'
import type { ImportRig } from '../activities/import-rig.ts'
import type { RosterPackage } from '../fixtures/roster-package.ts'

/** One answer of a OneRoster provider: some records of a collection. */
export type Page = {
  readonly collection: string
  readonly rows: readonly object[]
  readonly total: number
  readonly isLast: boolean
  readonly facts?: Readonly<Record<string, string>>
}

const lists = ['grades', 'subjects', 'subjectCodes', 'periods']
const rowsOfPage = 2

/** The roster as a provider of OneRoster 1.2 has it: the roles are parts of their users, references are objects. */
export function pagesOf(roster: RosterPackage): readonly Page[] {
  const files = [
    'orgs',
    'academicSessions',
    'courses',
    'classes',
    'users',
    'demographics',
    'enrollments',
    'lineItems',
    'results',
  ]
  return files.flatMap((collection) => {
    const records = objectsOf(roster, collection)
    const rows = collection === 'users' ? withRoles(records, objectsOf(roster, 'roles')) : records
    const count = Math.max(1, Math.ceil(rows.length / rowsOfPage))
    return Array.from({ length: count }, (_, at) => ({
      collection,
      rows: rows.slice(at * rowsOfPage, (at + 1) * rowsOfPage),
      total: rows.length,
      isLast: at === count - 1,
    }))
  })
}

type Json = Record<string, unknown>

function withRoles(users: readonly Json[], roles: readonly Json[]): readonly Json[] {
  return users.map((user) => ({
    ...user,
    roles: roles.filter((role) => (role['user'] as Json | undefined)?.['sourcedId'] === user['sourcedId']),
  }))
}

function objectsOf(roster: RosterPackage, file: string): readonly Json[] {
  const header = roster.header(file)
  return roster.rows(file).map((cells) => {
    const record: Json = { status: 'active' }
    const metadata: Json = {}
    for (const [at, column] of header.entries()) {
      const cell = cells[at] ?? ''
      if (cell === '') continue
      if (column.startsWith('metadata.')) metadata[column.slice('metadata.'.length)] = cell
      else Object.assign(record, propertyOf(column, cell))
    }
    return Object.keys(metadata).length === 0 ? record : { ...record, metadata }
  })
}

function propertyOf(column: string, cell: string): Json {
  const items = cell.split(',')
  if (column === 'userIds') {
    return {
      userIds: [...cell.matchAll(/\{([^:}]*):([^}]*)\}/g)].map(([, type, identifier]) => ({ type, identifier })),
    }
  }
  if (column === 'sourcedId') return { sourcedId: cell }
  if (column.endsWith('SourcedIds'))
    return { [column.replace(/SourcedIds$/, 's')]: items.map((sourcedId) => ({ sourcedId })) }
  if (column.endsWith('SourcedId')) return { [column.replace(/SourcedId$/, '')]: { sourcedId: cell } }
  return { [column]: lists.includes(column) ? items : cell }
}

/** What may be wrong with the pages of a source. */
export const faultsOfPages: Readonly<Record<string, (pages: readonly Page[]) => readonly Page[]>> = {
  pagesTwice: (pages) => pages.flatMap((page) => [{ ...page, isLast: false }, page]),
  empty: (pages) => pages.filter(({ isLast }) => isLast).map((page) => ({ ...page, rows: [], total: 0 })),
  fewerThanItSays: (pages) => pages.map((page) => ({ ...page, total: page.total + 1 })),
  notToTheirEnd: (pages) => pages.map((page) => ({ ...page, isLast: false })),
}

/** Archives pages as fetching does, without a provider to ask. */
export async function keepPages(rig: ImportRig, pages: readonly Page[]): Promise<ArchivedFile> {
  const run = await rig.giveRun(null)
  const { db } = rig
  const { draft } = await withDistrict(db, run.districtId, async (trx) => {
    const fence = await claimStep(trx, run.runId)
    return openPartsDraft(trx, { ...run, fence, name: 'pages' })
  })
  let last: PartRow | undefined
  for (const [at, { collection, rows, total, isLast, facts }] of pages.entries()) {
    const content = Buffer.from(JSON.stringify({ [collection]: rows }))
    last = await appendPart(db, draft, last, {
      ...{
        collection,
        name: `${collection}-${at}.json`,
        next: isLast ? null : '{}',
        facts: { ...facts, total: String(total) },
      },
      content: (async function* () {
        yield await Promise.resolve(content)
      })(),
    })
  }
  const file = await withDistrict(db, run.districtId, async (trx) => {
    const kept = await completeParts(trx, draft)
    await renewFile(trx, kept.id)
    return kept
  })
  await rig.close(run, { kind: 'cancelled', by: 'test', reason: 'its pages are what was wanted' })
  return file
}
