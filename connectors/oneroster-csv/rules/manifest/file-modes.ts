import type { FileMode } from '../../../kit/one-roster/format/column.ts'
import { listDataFiles } from '../../../kit/one-roster/format/files.ts'
import { lesserProblemAt, problemAt } from '../package/placed-problem.ts'
import { block, blockOrError, blockOrWarning, fileModes, findFileProperty } from './manifest-facts.ts'
import { listFileProperties, placeOf } from './manifest-facts.ts'
import type { ManifestFacts, ManifestRule } from './manifest-facts.ts'

/** The data files to be read: the manifest says how they were sent, and they are there. In reading order. */
export function listFilesToRead(facts: ManifestFacts): { name: string; mode: FileMode }[] {
  if (facts.version === undefined) return []
  return listDataFiles(facts.version).flatMap((name) => {
    const mode = findFileProperty(facts.manifest, name)?.value
    return (mode === 'bulk' || mode === 'delta') && facts.presentFiles.has(name) ? [{ name, mode }] : []
  })
}

/** The data files that are there or promised, and are not to be read: M-06, M-07, M-10 and M-11 say why. */
export function listUnreadFiles(facts: ManifestFacts): string[] {
  const read = new Set(listFilesToRead(facts).map(({ name }) => name))
  return listDataFiles(facts.version ?? '1.1').filter((name) => {
    const mode = findFileProperty(facts.manifest, name)?.value ?? ''
    return !read.has(name) && (facts.presentFiles.has(name) || (mode !== '' && mode !== 'absent'))
  })
}

function isMode(value: string): boolean {
  return fileModes.some((mode) => mode === value)
}

export const everyFileHasItsRow: ManifestRule = {
  id: 'M-06',
  title: '`file.*` row is missing for a data file of the version',
  severity: blockOrError,
  lesserSeverity: blockOrWarning,
  appliesTo: 'manifest',
  check: ({ manifest, version, presentFiles }) => {
    if (version === undefined) return []
    const missing = listDataFiles(version).filter((name) => findFileProperty(manifest, name) === undefined)
    return missing.map((name) => {
      const place = { file: manifest.fileName }
      if (!presentFiles.has(name)) return lesserProblemAt(place, `file.${name} is missing; it is taken as absent.`)
      return problemAt(place, `file.${name} is missing, so ${name}.csv is not read. Add it with bulk or delta.`)
    })
  },
}

export const modesAreKnown: ManifestRule = {
  id: 'M-07',
  title: 'mode is none of `absent`, `bulk` and `delta`',
  severity: blockOrError,
  lesserSeverity: blockOrWarning,
  appliesTo: 'manifest',
  check: (facts) =>
    listFileProperties(facts).flatMap(({ name, row }) => {
      if (row.value === undefined || isMode(row.value)) return []
      const place = placeOf(facts.manifest, row, 'value')
      if (row.value === '' && !facts.presentFiles.has(name)) {
        return [lesserProblemAt(place, `file.${name} is blank; it is taken as absent.`)]
      }
      return [problemAt(place, `The mode of ${name}.csv is none of absent, bulk, delta, so the file is not read.`)]
    }),
}

export const listedFilesAreThere: ManifestRule = {
  id: 'M-10',
  title: 'file listed as `bulk` or `delta` is not in the ZIP',
  severity: block,
  appliesTo: 'manifest',
  check: (facts) => {
    if (facts.version === undefined) return []
    return listFileProperties(facts)
      .filter(({ name, row }) => (row.value === 'bulk' || row.value === 'delta') && !facts.presentFiles.has(name))
      .map(({ name, row }) =>
        problemAt(
          placeOf(facts.manifest, row, 'value'),
          `${name}.csv is listed as ${String(row.value)} and is not in the package. Add it or list it as absent.`,
        ),
      )
  },
}

export const absentFilesAreNotThere: ManifestRule = {
  id: 'M-11',
  title: 'file in the ZIP is listed as `absent`',
  severity: blockOrError,
  appliesTo: 'manifest',
  check: (facts) => {
    if (facts.version === undefined) return []
    return listFileProperties(facts)
      .filter(({ name, row }) => row.value === 'absent' && facts.presentFiles.has(name))
      .map(({ name, row }) =>
        problemAt(
          placeOf(facts.manifest, row, 'value'),
          `${name}.csv is in the package though it is listed as absent; it is not read. Correct one of them.`,
        ),
      )
  },
}
