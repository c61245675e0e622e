import type { OneRosterVersion } from '../../../kit/one-roster/format/column.ts'
import { lesserProblemAt, problemAt } from '../package/placed-problem.ts'
import { block, blockOrWarning, placeOf } from './manifest-facts.ts'
import type { ManifestRule } from './manifest-facts.ts'
import type { Manifest } from './manifest.ts'

/** The version whose files and columns the package is read by; undefined for one we do not know. */
export function findVersion(manifest: Manifest): OneRosterVersion | undefined {
  const stated = manifest.properties.get('oneroster.version')?.value
  if (stated === '1.1' || stated === '1.2') return stated
  return stated === '1.2.1' ? '1.2' : undefined
}

export const manifestVersionIsKnown: ManifestRule = {
  id: 'M-04',
  title: '`manifest.version` is missing or not `1.0`',
  severity: block,
  lesserSeverity: blockOrWarning,
  appliesTo: 'manifest',
  check: ({ manifest }) => {
    const row = manifest.properties.get('manifest.version')
    if (row === undefined) {
      return [problemAt({ file: manifest.fileName }, 'manifest.version is missing. Add it with the value 1.0.')]
    }
    if (row.value === '1.0' || row.value === undefined) return []
    const place = placeOf(manifest, row, 'value')
    if (row.value === '1') return [lesserProblemAt(place, 'manifest.version is 1.0; a spreadsheet made 1 of it.')]
    return [problemAt(place, 'manifest.version is not 1.0, the only one there is.')]
  },
}

export const oneRosterVersionIsSupported: ManifestRule = {
  id: 'M-05',
  title: '`oneroster.version` is missing or not supported',
  severity: block,
  lesserSeverity: blockOrWarning,
  appliesTo: 'manifest',
  check: ({ manifest }) => {
    const row = manifest.properties.get('oneroster.version')
    if (row === undefined) {
      return [problemAt({ file: manifest.fileName }, 'oneroster.version is missing. Add it with 1.1 or 1.2.')]
    }
    if (row.value === '1.1' || row.value === '1.2' || row.value === undefined) return []
    const place = placeOf(manifest, row, 'value')
    if (row.value === '1.2.1') return [lesserProblemAt(place, 'Write 1.2 for this revision; it is read as that.')]
    return [problemAt(place, 'Only OneRoster 1.1 and 1.2 are supported. Export the package in one of them.')]
  },
}
