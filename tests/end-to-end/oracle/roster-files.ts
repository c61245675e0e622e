import { parse } from 'csv-parse/sync'
import JSZip from 'jszip'

export type Row = (column: string) => string

/** The files of a OneRoster bulk package, read in words of their own. */
export type RosterFiles = {
  readonly version: '1.1' | '1.2'
  /** Of a file without `.csv`; none where the package has no such file, or calls it absent. */
  readonly rows: (file: string) => readonly Row[]
}

/** Throws for a package that is no bulk package of OneRoster 1.1 or 1.2. */
export async function readRosterFiles(content: Buffer): Promise<RosterFiles> {
  const zip = await JSZip.loadAsync(content)
  const read = async (file: string): Promise<Row[]> => {
    const member = zip.file(`${file}.csv`)
    if (member === null) return []
    const records = parse<Readonly<Record<string, string>>>(await member.async('string'), { columns: true, bom: true })
    return records.map((record) => (column) => (record[column] ?? '').normalize('NFC').trim())
  }
  const manifest = new Map((await read('manifest')).map((row) => [row('propertyName'), row('value')]))
  const version = manifest.get('oneroster.version')
  if (version !== '1.1' && version !== '1.2') throw new Error('this is no package of OneRoster 1.1 or 1.2')
  const files = new Map<string, readonly Row[]>()
  for (const [property, mode] of manifest) {
    const [, file] = /^file\.(.+)$/.exec(property) ?? []
    if (mode === 'delta')
      throw new Error('this package has changes only: what is held follows from those before as well')
    if (file !== undefined && mode === 'bulk') files.set(file, await read(file))
  }
  return { version, rows: (file) => files.get(file) ?? [] }
}

export const isGone = (row: Row): boolean => ['tobedeleted', 'inactive'].includes(row('status').toLowerCase())

/** The items of a list, each once. */
export function listOf(cell: string): string[] {
  return [...new Set(cell.split(',').map((item) => item.trim()))].filter((item) => item !== '')
}

/** By their ids; of those with the same the last. */
export function byId(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row('sourcedId'), row]))
}

/** References are shown in the order of the keys, by bytes. */
export function inOrderOfKeys(keys: Iterable<string>): string[] {
  return [...new Set(keys)].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
}

/**
 * The column that is the id of all records: the first of two if each of them has it and no two share it, else their
 * sourcedId.
 */
export function chooseId(rows: readonly Row[], column: string): (row: Row) => string {
  const values = rows.map((row) => row(column))
  const isId = values.every((value) => value !== '') && new Set(values).size === values.length
  return (row) => row(isId ? column : 'sourcedId')
}
