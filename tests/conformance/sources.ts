import type { OneRosterVersion } from '../../connectors/kit/one-roster/format/column.ts'
import type { ArchivedFile } from '../../db/import/inputs/archived-files.ts'
import type { ImportRig } from '../activities/import-rig.ts'
import { getFixture } from '../districts/registry.ts'
import type { RosterPackage } from '../fixtures/roster-package.ts'
import { makeZip, type ZipPart } from '../fixtures/zip-maker.ts'
import { faultsOfPages, keepPages, pagesOf, type Page } from './pages-of-a-roster.ts'

/**
 * What the suite has to know of a connector: how the roster of a district becomes an input of it. One that reads pages
 * lets a stand-in serve the roster, reads it, and gives what it archived. A new connector is an entry below.
 */
export type ConformanceSource = {
  readonly connector: string
  readonly settings: unknown
  /** The form of the roster that it reads. */
  readonly version: OneRosterVersion
  /** Archives the input of a roster, with one of its faults where it is given. */
  readonly give: (rig: ImportRig, roster: RosterPackage, fault?: string) => Promise<ArchivedFile>
  /** Every row, or every page, comes twice: no reason to doubt that the input is whole. */
  readonly twice: string
  /** The ways in which the input does not prove that it is whole. */
  readonly faults: readonly string[]
  /** The columns that a data type is made of, each of which may not come one day. */
  readonly listColumns: (roster: RosterPackage, dataType: string) => readonly string[]
  readonly dropColumn: (roster: RosterPackage, column: string) => RosterPackage
}

function writeTwice(text: string): string {
  const [header = '', ...rows] = text.split('\r\n').filter((line) => line !== '')
  return [header, ...rows, ...rows, ''].join('\r\n')
}

/** The faults of a package, by what is done to its members. */
const faultsOfPackages: Readonly<Record<string, (members: readonly ZipPart[]) => readonly ZipPart[]>> = {
  rowsTwice: (members) =>
    members.map((member) =>
      member.name === 'manifest.csv' ? member : { ...member, data: writeTwice(String(member.data)) },
    ),
  headersOnly: (members) =>
    members.map((member) =>
      member.name === 'manifest.csv' ? member : { ...member, data: `${String(member.data).split('\r\n')[0]}\r\n` },
    ),
  brokenOff: (members) =>
    members.map((member) => (member.name === 'manifest.csv' ? member : { ...member, compressed: Buffer.from('cut') })),
  manifestOnly: (members) => members.filter(({ name }) => name === 'manifest.csv'),
}

const columnsOfFiles = {
  listColumns: (roster: RosterPackage, dataType: string) =>
    getFixture(dataType).files.flatMap((file) => roster.header(file).map((column) => `${file}.${column}`)),
  dropColumn: (roster: RosterPackage, column: string) => {
    const [file = '', ...name] = column.split('.')
    return roster.dropColumn(file, name.join('.'))
  },
}

export const sources: readonly ConformanceSource[] = [
  {
    connector: 'oneroster-csv',
    settings: {},
    version: '1.2',
    give: (rig, roster, fault) => {
      const spoil = fault === undefined ? (members: readonly ZipPart[]) => members : faultsOfPackages[fault]
      if (spoil === undefined) throw new Error(`a package has no fault ${fault}`)
      return rig.giveContent(makeZip(spoil(roster.members())))
    },
    twice: 'rowsTwice',
    faults: Object.keys(faultsOfPackages).filter((name) => name !== 'rowsTwice'),
    ...columnsOfFiles,
  },
  {
    connector: 'oneroster-rest',
    settings: { baseUrl: 'https://or.example.org', version: '1.2', auth: { kind: 'bearer', token: 'x' } },
    version: '1.2',
    give: (rig, roster, fault) => {
      const spoil = fault === undefined ? (pages: readonly Page[]) => pages : faultsOfPages[fault]
      if (spoil === undefined) throw new Error(`pages have no fault ${fault}`)
      return keepPages(rig, spoil(pagesOf(roster)))
    },
    twice: 'pagesTwice',
    faults: Object.keys(faultsOfPages).filter((name) => name !== 'pagesTwice'),
    ...columnsOfFiles,
  },
]
