import type { OneRosterVersion } from '../../../kit/one-roster/format/column.ts'
import { findFileDefinition, listDataFiles } from '../../../kit/one-roster/format/files.ts'
import type { Rule } from '../../../../domain/import-rules/rule.ts'
import type { PlacedProblem, Place } from '../package/placed-problem.ts'
import type { Manifest, ManifestProperty } from './manifest.ts'

/** What the rules on a manifest are given. */
export type ManifestFacts = {
  readonly manifest: Manifest
  /** Undefined when the manifest does not name a version we know: what depends on it is not asked. */
  readonly version: OneRosterVersion | undefined
  /** Data files in the package, by name (`users`). */
  readonly presentFiles: ReadonlySet<string>
}

export type ManifestRule = Rule<(facts: ManifestFacts) => PlacedProblem[]>

export const blockOrWarning = { strict: 'block', default: 'warning' } as const
export const blockOrError = { strict: 'block', default: 'error' } as const
export const block = { strict: 'block', default: 'block' } as const

export const fileModes = ['absent', 'bulk', 'delta'] as const
const filePrefix = 'file.'

/** The row that says how a data file was sent, where there is one. */
export function findFileProperty(manifest: Manifest, name: string): ManifestProperty | undefined {
  return manifest.properties.get(filePrefix + name)
}

/** Rows of data files that the version has (of any version while it is unknown), in the order of the manifest. */
export function listFileProperties({ manifest, version }: ManifestFacts): { name: string; row: ManifestProperty }[] {
  return [...manifest.properties.values()].flatMap((row) => {
    const name = row.name.startsWith(filePrefix) ? row.name.slice(filePrefix.length) : ''
    return findFileDefinition(version ?? '1.2', name) === undefined ? [] : [{ name, row }]
  })
}

/** Every property that a manifest of the version may have. */
export function listKnownProperties(version: OneRosterVersion | undefined): string[] {
  const files = listDataFiles(version ?? '1.2').map((name) => filePrefix + name)
  return ['manifest.version', 'oneroster.version', ...files, 'source.systemName', 'source.systemCode']
}

export function placeOf(manifest: Manifest, row: ManifestProperty, column: 'propertyName' | 'value'): Place {
  return { file: manifest.fileName, line: row.line, column }
}
