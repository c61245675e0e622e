import type { OneRosterVersion } from '../../connectors/kit/one-roster/format/column.ts'
import type { RosterPackage } from '../fixtures/roster-package.ts'
import type { ZipPart } from '../fixtures/zip-maker.ts'

/** A way in which a package can fall short of proving that a record is gone. */
export type Shortfall = {
  readonly name: string
  readonly versions?: readonly OneRosterVersion[]
  /** Spoils a package that lacks the record, or one that has it (`isThere`), and gives its members. */
  readonly isThere?: true
  readonly spoil: (roster: RosterPackage) => readonly ZipPart[]
}

const both: readonly OneRosterVersion[] = ['1.1', '1.2']

/** Every way for a file that carries records, or says who they are. */
export function waysOf(file: string, versions = both): Shortfall[] {
  return [
    ...waysOfNeighbour(file, versions),
    {
      name: `${file}.csv has a row whose id cannot be read`,
      versions,
      spoil: (roster) => addTooWide(roster, file, ['', '', '', '', '']).members(),
    },
  ]
}

/** The same for a file that only adds to records: a row of it that cannot be read may be that of any of its own. */
export function waysOfNeighbour(file: string, versions = both): Shortfall[] {
  const name = (what: string) => `${file}.csv ${what}`
  return [
    { name: name('has a header and no rows'), versions, spoil: (roster) => roster.clear(file).members() },
    { name: name('is marked absent'), versions, spoil: (roster) => without(withMode(roster, file, 'absent'), file) },
    { name: name('is promised and not there'), versions, spoil: (roster) => without(roster.members(), file) },
    {
      name: name('carries changes only'),
      versions,
      spoil: (roster) => withMode(fillLifeCycle(roster, file), file, 'delta'),
    },
    {
      name: name('ends within a quoted cell'),
      versions,
      spoil: (roster) => roster.rewrite(file, (text) => `${text}"an open quote`).members(),
    },
    {
      name: name('is UTF-16'),
      versions,
      spoil: (roster) => roster.rewrite(file, (text) => Buffer.from(`\ufeff${text}`, 'utf16le')).members(),
    },
    {
      name: name('is damaged'),
      versions,
      spoil: (roster) => changeMember(roster, file, { local: { crc32: 7 }, central: { crc32: 7 } }),
    },
    {
      name: name('stops in the middle of its compressed bytes'),
      versions,
      spoil: (roster) => changeMember(roster, file, { compressed: Buffer.from('cut') }),
    },
  ]
}

/** Adds a row that is refused because it has a cell too many; `cells` are its first. */
export function addTooWide(roster: RosterPackage, file: string, cells: readonly string[]): RosterPackage {
  const rows = roster.rows(file)
  rows.push([...cells, ...(rows[0] ?? []).slice(cells.length), 'one too many'])
  return roster
}

/** Puts a comma without quotes into the row with this id: what stands behind its first cell is in the wrong columns. */
export function shift(roster: RosterPackage, file: string, id: string): RosterPackage {
  roster
    .rows(file)
    .find(([sourcedId]) => sourcedId === id)
    ?.splice(1, 0, '')
  return roster
}

/** Gives the row with this id a cell too many. */
export function makeTooWide(roster: RosterPackage, file: string, id: string): RosterPackage {
  roster
    .rows(file)
    .find(([sourcedId]) => sourcedId === id)
    ?.push('one too many')
  return roster
}

function changeMember(roster: RosterPackage, file: string, change: Partial<ZipPart>): readonly ZipPart[] {
  return roster.members().map((member) => (member.name === `${file}.csv` ? { ...member, ...change } : member))
}

function withMode(roster: RosterPackage, file: string, mode: string): readonly ZipPart[] {
  return roster
    .members()
    .map((member) =>
      member.name === 'manifest.csv'
        ? { ...member, data: String(member.data).replace(`file.${file},bulk`, `file.${file},${mode}`) }
        : member,
    )
}

/** What a row of a delta must say of itself; without it every row is refused, and the mode decides nothing. */
function fillLifeCycle(roster: RosterPackage, file: string): RosterPackage {
  for (const row of roster.rows(file).keys()) {
    roster.set(file, row, 'status', 'active').set(file, row, 'dateLastModified', '2025-09-01T08:00:00.000Z')
  }
  return roster
}

function without(members: readonly ZipPart[], file: string): readonly ZipPart[] {
  return members.filter(({ name }) => name !== `${file}.csv`)
}
