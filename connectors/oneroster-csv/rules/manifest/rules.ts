import type { RuleEntry } from '../../../../domain/import-rules/rule.ts'
import { filesAreAsAgreed } from './agreed-files.ts'
import * as modes from './file-modes.ts'
import * as form from './form.ts'
import type { ManifestFacts, ManifestRule } from './manifest-facts.ts'
import { manifestVersionIsKnown, oneRosterVersionIsSupported } from './versions.ts'

/** The rules on a manifest that is there, in the order of their ids. */
const contentRules: readonly ManifestRule[] = [
  form.headerIsExact,
  form.rowsHaveTwoCells,
  manifestVersionIsKnown,
  oneRosterVersionIsSupported,
  modes.everyFileHasItsRow,
  modes.modesAreKnown,
  form.propertiesDoNotRepeat,
  form.propertiesAreKnown,
  modes.listedFilesAreThere,
  modes.absentFilesAreNotThere,
]

/** What to ask of a manifest: of one that is blank, or whose columns mean nothing, no more than that. */
export function manifestContentRules({ manifest: { header } }: ManifestFacts): readonly ManifestRule[] {
  return header === 'blank' || header === 'unusable' ? [form.headerIsExact] : contentRules
}

/**
 * The receiver is the data type that is imported: a package without the files that its records are in is refused as a
 * whole, and the run says which file it is. Nothing in the package is wrong, so there is no finding.
 */
const filesSufficeForReceiver: RuleEntry = {
  id: 'M-13',
  title: 'set of files is not enough for the profile of a receiver',
  severity: { strict: undefined, default: undefined },
  appliesTo: 'run',
}

/** The rules on manifest.csv (docs/reference/rules.md). */
export const manifestRules: readonly RuleEntry[] = [
  form.manifestIsThere,
  ...contentRules,
  filesAreAsAgreed,
  filesSufficeForReceiver,
]
