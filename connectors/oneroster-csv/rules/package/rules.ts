import type { RuleEntry } from '../../../../domain/import-rules/rule.ts'
import type { ArchiveRule } from './archive.ts'
import { archiveIsNoBomb, archiveIsNotTooLarge, archiveIsReadable } from './archive.ts'
import * as contents from './contents.ts'
import type { ContentsRule } from './contents.ts'
import type { EntryRule } from './entry-names.ts'
import { namesAreSafe, namesAreUnique } from './entry-names.ts'
import { isNoLookAlike } from './look-alike.ts'

/** Asked of what the archive's reader met. */
export const archiveRules: readonly ArchiveRule[] = [archiveIsReadable, archiveIsNotTooLarge, archiveIsNoBomb]

/** Asked of the list of entries, before any of them is read. */
export const entryRules: readonly EntryRule[] = [namesAreSafe, namesAreUnique]

/** Asked of what is in the package, once the manifest has told its version. */
export const contentsRules: readonly ContentsRule[] = [
  contents.filesAreAtRoot,
  contents.noLitter,
  contents.noArchiveInside,
  contents.noUnknownFile,
  contents.noFileOfOtherVersion,
  contents.fileNamesAreExact,
]

/** Looked at by the import run, which knows what was applied before. */
const packageIsNew: RuleEntry = {
  id: 'Z-13',
  title: 'same bytes as the last applied package; nothing is done',
  severity: { strict: 'info', default: 'info' },
  appliesTo: 'run',
}

/** A matter of fetching: until the size is stable there is no package to look at, so that nothing is ever found. */
const uploadIsComplete: RuleEntry = {
  id: 'Z-14',
  title: 'upload still growing or half-written on SFTP; it is waited for',
  severity: { strict: undefined, default: undefined },
  appliesTo: 'run',
}

/** The rules on the package as a whole (docs/reference/rules.md). */
export const packageRules: readonly RuleEntry[] = [
  ...archiveRules,
  ...entryRules,
  ...contentsRules,
  isNoLookAlike,
  packageIsNew,
  uploadIsComplete,
]
