import type { Rule } from '../../../../domain/import-rules/rule.ts'
import type { PackageEntry } from './layout.ts'
import { problemAt } from './placed-problem.ts'
import type { PlacedProblem } from './placed-problem.ts'
import { showName } from '../../../kit/zip/show-name.ts'

export type EntryRule = Rule<(entries: readonly PackageEntry[]) => PlacedProblem[]>

const drive = /^[A-Za-z]:/
const controlCharacter = /\p{Cc}/u

/** What makes a name point out of the place where it is unpacked, or read as another name; undefined when nothing. */
function findNameDanger({ path, isSpecial }: PackageEntry): string | undefined {
  if (isSpecial) return 'is a link or a device, not a file'
  if (path === '' || path === '/') return 'has an empty name'
  if (path.startsWith('/')) return 'has an absolute path'
  if (path.includes('\\')) return 'has a backslash in its name'
  if (drive.test(path)) return 'names a drive'
  if (controlCharacter.test(path)) return 'has a control character in its name'
  const parts = path.replace(/\/$/, '').split('/')
  if (parts.includes('..')) return 'points out of its folder with ..'
  return parts.some((part) => part === '' || part === '.') ? 'has an empty part in its name' : undefined
}

export const namesAreSafe: EntryRule = {
  id: 'Z-04',
  title: 'entry with an absolute path, a drive letter, `..`, a backslash, an empty name or a symlink',
  severity: { strict: 'block', default: 'block' },
  appliesTo: 'package',
  check: (entries) =>
    entries.flatMap((entry) => {
      const danger = findNameDanger(entry)
      if (danger === undefined) return []
      return [problemAt({ file: showName(entry.path) }, `This entry ${danger}. Put plain files at the root.`)]
    }),
}

export const namesAreUnique: EntryRule = {
  id: 'Z-05',
  title: 'entry is in the archive twice (also after lower-casing)',
  severity: { strict: 'block', default: 'block' },
  appliesTo: 'package',
  check: (entries) => {
    const counts = new Map<string, { path: string; count: number }>()
    for (const { path } of entries) {
      const key = path.replace(/\/$/, '').normalize('NFC').toLowerCase()
      const seen = counts.get(key)
      if (seen === undefined) counts.set(key, { path, count: 1 })
      else seen.count++
    }
    return [...counts.values()]
      .filter(({ count }) => count > 1)
      .map(({ path, count }) =>
        problemAt(
          { file: showName(path) },
          `This name is there ${String(count)} times (capitals aside). Send each file once.`,
        ),
      )
  },
}
