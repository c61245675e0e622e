/** A line of manifest.csv as it was split; lines without any cell are left out by whoever reads it. */
export type ManifestRow = { readonly line: number; readonly cells: readonly string[] }

export type ManifestProperty = {
  readonly name: string
  /** Undefined when the row has no second cell (M-03 says so). */
  readonly value: string | undefined
  readonly line: number
}

/**
 * `exact`; `renamed`: two columns under other names; `wide`: the right two and more; `missing`: the first line is a
 * property already; `unusable`: none of these, so that nothing after it can be trusted to mean anything; `blank`: no
 * line with anything in it.
 */
export type ManifestHeader = 'exact' | 'renamed' | 'wide' | 'missing' | 'unusable' | 'blank'

export type Manifest = {
  readonly fileName: string
  readonly header: ManifestHeader
  readonly headerLine: number
  /** The rows after the header; none when the header is unusable. */
  readonly rows: readonly ManifestRow[]
  /** The first row of each name. */
  readonly properties: ReadonlyMap<string, ManifestProperty>
  /** Further rows of a name. */
  readonly repeats: readonly ManifestProperty[]
}

const propertyPrefix = /^(manifest|oneroster|file|source)\./i

/** Brings the lines of a manifest into the form its rules look at. Tells nothing about what is wrong with it. */
export function deriveManifest(fileName: string, lines: readonly ManifestRow[]): Manifest {
  const written = lines.filter((line) => line.cells.some((cell) => cell.trim() !== ''))
  const first = written[0]
  const header = deriveHeader(first?.cells)
  const rows = header === 'unusable' ? [] : header === 'missing' ? written : written.slice(1)
  const properties = new Map<string, ManifestProperty>()
  const repeats: ManifestProperty[] = []
  for (const { cells, line } of rows) {
    const property = { name: cells[0] ?? '', value: cells[1], line }
    if (properties.has(property.name)) repeats.push(property)
    else properties.set(property.name, property)
  }
  return { fileName, header, headerLine: first?.line ?? 1, rows, properties, repeats }
}

function deriveHeader(cells: readonly string[] | undefined): ManifestHeader {
  if (cells === undefined) return 'blank'
  const [name = '', value] = cells
  if (name === 'propertyName' && value === 'value') return cells.length === 2 ? 'exact' : 'wide'
  if (propertyPrefix.test(name)) return 'missing'
  const isSwapped = value?.toLowerCase() === 'propertyname'
  return cells.length === 2 && !isSwapped ? 'renamed' : 'unusable'
}
