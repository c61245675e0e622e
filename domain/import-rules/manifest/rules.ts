import type { RuleEntry } from '../rule.ts'
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

/** Looked at by the import run, which knows what this source sent before. */
const filesAreAsAgreed: RuleEntry = {
  id: 'M-12',
  title: 'set of files and modes as agreed for this source',
  severity: { strict: undefined, default: 'warning' },
  appliesTo: 'run',
}

/** Belongs to the profile of a receiving system, Naviance or ClassLink; there is none such, so that it is not asked. */
const filesSufficeForReceiver: RuleEntry = {
  id: 'M-13',
  title: 'file set enough for the profile of a receiver',
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
