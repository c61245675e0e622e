import { findFileDefinition } from '../../../kit/one-roster/format/files.ts'
import type { OneRosterVersion } from '../../../kit/one-roster/format/column.ts'
import type { Rule } from '../../../../domain/import-rules/rule.ts'
import type { PackageEntry, PackageLayout } from './layout.ts'
import { lesserProblemAt, problemAt } from './placed-problem.ts'
import type { PlacedProblem } from './placed-problem.ts'
import { showName } from '../../../kit/zip/show-name.ts'

export type ContentsFacts = {
  readonly layout: PackageLayout
  /** Paths of the files that are archives themselves, by name or by their first bytes. */
  readonly archives: ReadonlySet<string>
  /** Undefined when the manifest does not tell. */
  readonly version: OneRosterVersion | undefined
}

export type ContentsRule = Rule<(facts: ContentsFacts) => PlacedProblem[]>

const blockOrWarning = { strict: 'block', default: 'warning' } as const
const block = { strict: 'block', default: 'block' } as const

export const filesAreAtRoot: ContentsRule = {
  id: 'Z-06',
  title: 'folder entry, or files that are not at the root',
  severity: block,
  lesserSeverity: blockOrWarning,
  appliesTo: 'package',
  check: ({ layout: { wrapper, strays } }) => {
    const [stray] = strays
    if (stray !== undefined) {
      return [problemAt({ file: showName(stray.path) }, 'The package has folders. Put all files at the root.')]
    }
    if (wrapper === '') return []
    return [lesserProblemAt({}, `The files are in the folder ${showName(wrapper)}. Put them at the root.`)]
  },
}

export const noLitter: ContentsRule = {
  id: 'Z-07',
  title: 'file of an operating system: `__MACOSX/`, `._*`, `.DS_Store`, `Thumbs.db`, `desktop.ini`; ignored',
  severity: { strict: 'block', default: 'info' },
  appliesTo: 'package',
  check: ({ layout: { litter } }) =>
    litter
      .filter((entry) => !entry.isFolder || isEmptyFolder(entry, litter))
      .map(({ path }) => problemAt({ file: showName(path) }, 'The operating system left this file; it is ignored.')),
}

function isEmptyFolder(folder: PackageEntry, entries: readonly PackageEntry[]): boolean {
  return !entries.some((entry) => entry !== folder && entry.path.startsWith(folder.path))
}

export const noArchiveInside: ContentsRule = {
  id: 'Z-08',
  title: 'ZIP inside the ZIP',
  severity: block,
  appliesTo: 'package',
  check: ({ archives }) =>
    [...archives].map((path) =>
      problemAt({ file: showName(path) }, 'This is a ZIP inside the package. Send its files, not packed twice.'),
    ),
}

export const noUnknownFile: ContentsRule = {
  id: 'Z-09',
  title: 'file that no version of OneRoster knows',
  severity: blockOrWarning,
  appliesTo: 'package',
  check: ({ layout: { members }, archives }) =>
    members
      .filter((member) => member.name === undefined && !archives.has(member.path))
      .map(({ fileName }) =>
        problemAt({ file: showName(fileName) }, 'OneRoster has no such file; it is ignored. Leave it out.'),
      ),
}

export const noFileOfOtherVersion: ContentsRule = {
  id: 'Z-10',
  title: 'data file of the other version (e.g. `roles.csv` in 1.1)',
  severity: blockOrWarning,
  appliesTo: 'package',
  check: ({ layout: { members }, version }) => {
    if (version === undefined) return []
    return members
      .filter(({ name }) => name !== undefined && name !== 'manifest' && !findFileDefinition(version, name))
      .map(({ fileName }) =>
        problemAt({ file: showName(fileName) }, `OneRoster ${version} has no such file; it is ignored.`),
      )
  },
}

export const fileNamesAreExact: ContentsRule = {
  id: 'Z-11',
  title: 'file name in the wrong case',
  severity: blockOrWarning,
  appliesTo: 'package',
  check: ({ layout: { members } }) =>
    members
      .filter(({ name, isExact }) => name !== undefined && !isExact)
      .map(({ fileName, name }) =>
        problemAt({ file: showName(fileName) }, `The name of this file is written ${String(name)}.csv.`),
      ),
}
