import type { Rule } from '../../../../domain/import-rules/rule.ts'
import { lesserProblemAt, problemAt } from '../package/placed-problem.ts'
import type { PlacedProblem } from '../package/placed-problem.ts'
import { quoteWord } from '../quote-word.ts'
import { block, blockOrWarning, listKnownProperties, placeOf } from './manifest-facts.ts'
import type { ManifestRule } from './manifest-facts.ts'
import { findNearestName } from './nearest-name.ts'

export const manifestIsThere: Rule<(hasManifest: boolean) => PlacedProblem[]> = {
  id: 'M-01',
  title: '`manifest.csv` is missing',
  severity: block,
  appliesTo: 'manifest',
  check: (hasManifest) =>
    hasManifest ? [] : [problemAt({}, 'There is no manifest.csv, so that nobody can tell what the files are.')],
}

export const headerIsExact: ManifestRule = {
  id: 'M-02',
  title: 'manifest is blank, or its header is not exactly `propertyName,value`',
  severity: block,
  lesserSeverity: blockOrWarning,
  appliesTo: 'manifest',
  check: ({ manifest: { fileName, header, headerLine } }) => {
    const place = { file: fileName, line: headerLine }
    if (header === 'exact') return []
    if (header === 'blank') return [problemAt({ file: fileName }, 'The manifest is blank. Export the package again.')]
    const message = 'The first line of the manifest is propertyName,value and nothing else.'
    return [header === 'renamed' ? lesserProblemAt(place, message) : problemAt(place, message)]
  },
}

export const rowsHaveTwoCells: ManifestRule = {
  id: 'M-03',
  title: 'row of the manifest without exactly two cells',
  severity: block,
  lesserSeverity: blockOrWarning,
  appliesTo: 'manifest',
  check: ({ manifest: { fileName, rows } }) =>
    rows
      .filter(({ cells }) => cells.length !== 2)
      .map(({ line, cells }) => {
        const place = { file: fileName, line }
        const message = `This row has ${String(cells.length)} cells instead of a property and its value.`
        const isSurplusBlank = cells.length > 2 && cells.slice(2).every((cell) => cell.trim() === '')
        return isSurplusBlank ? lesserProblemAt(place, message) : problemAt(place, message)
      }),
}

export const propertiesDoNotRepeat: ManifestRule = {
  id: 'M-08',
  title: 'property is repeated',
  severity: block,
  lesserSeverity: blockOrWarning,
  appliesTo: 'manifest',
  check: ({ manifest, version }) =>
    manifest.repeats.map((row) => {
      const first = manifest.properties.get(row.name)
      const place = placeOf(manifest, row, 'propertyName')
      const message = `${showProperty(row.name, listKnownProperties(version))} is there twice, first in line ${String(first?.line)}. Keep one of them.`
      return first?.value === row.value ? lesserProblemAt(place, message) : problemAt(place, message)
    }),
}

export const propertiesAreKnown: ManifestRule = {
  id: 'M-09',
  title: 'property is unknown',
  severity: blockOrWarning,
  appliesTo: 'manifest',
  check: ({ manifest, version }) => {
    const known = listKnownProperties(version)
    const unknown = [...manifest.properties.values()].filter(({ name }) => !known.includes(name))
    return unknown.map((row) => {
      const nearest = findNearestName(row.name, known)
      const hint = nearest === undefined ? 'Leave it out.' : `Did you mean ${nearest}?`
      return problemAt(
        placeOf(manifest, row, 'propertyName'),
        `${showProperty(row.name, known)} is not a property. ${hint}`,
      )
    })
  },
}

/** Another file under the name of the manifest has names of people where it has names of properties. */
function showProperty(name: string, known: readonly string[]): string {
  return quoteWord(name, known)?.slice(1, -1) ?? 'What is named here'
}
