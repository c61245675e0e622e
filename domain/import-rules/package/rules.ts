import type { RuleEntry } from '../rule.ts'
import { archiveIsNoBomb, archiveIsNotTooLarge, archiveIsReadable } from './archive.ts'
import * as contents from './contents.ts'
import { namesAreSafe, namesAreUnique } from './entry-names.ts'
import { isNoLookAlike } from './look-alike.ts'

/** Looked at by the import run, which knows what was applied before. */
const packageIsNew: RuleEntry = {
  id: 'Z-13',
  title: 'same bytes as the last applied package: do nothing',
  severity: { strict: 'info', default: 'info' },
  appliesTo: 'run',
}

/** A matter of fetching: until the size is stable there is no package to look at, so that nothing is ever found. */
const uploadIsComplete: RuleEntry = {
  id: 'Z-14',
  title: 'upload still growing or half-written on SFTP: wait for a stable size',
  severity: { strict: undefined, default: undefined },
  appliesTo: 'run',
}

/** The rules on the package as a whole (reference/oneroster.md 2.1). */
export const packageRules: readonly RuleEntry[] = [
  archiveIsReadable,
  archiveIsNotTooLarge,
  archiveIsNoBomb,
  namesAreSafe,
  namesAreUnique,
  contents.filesAreAtRoot,
  contents.noLitter,
  contents.noArchiveInside,
  contents.noUnknownFile,
  contents.noFileOfOtherVersion,
  contents.fileNamesAreExact,
  isNoLookAlike,
  packageIsNew,
  uploadIsComplete,
]
