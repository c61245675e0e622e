import type { SourceRecord } from '../../connector.ts'
import type { RowView } from '../../../domain/import-rules/row-view.ts'
import type { FileDefinition } from '../../../domain/one-roster/column.ts'
import { CellReader } from './cell-reader.ts'
import { readCell } from './cell-text.ts'
import { readChangeTime } from './newest-change.ts'
import { noSchool, type SchoolChoice } from './org-index.ts'
import { RowDigest } from './row-digest.ts'

const blankRow: RowView = {
  bytes: new Uint8Array(),
  starts: new Int32Array(),
  ends: new Int32Array(),
  marks: new Uint16Array(),
  width: 0,
  line: 0,
  text: () => '',
}

/** One row of users.csv or demographics.csv seen as a part of a student; the same object for every row of a file. */
export class StudentRecord implements SourceRecord {
  readonly collection: string
  readonly fileName: string
  readonly #cells: readonly number[]
  readonly #columns: ReadonlyMap<string, CellReader>
  readonly #keyCell: number
  readonly #timeCell: number
  readonly #latestMs: number
  readonly #digest = new RowDigest()
  #row = blankRow
  #schools = ''
  presence: SourceRecord['presence'] = 'active'

  /**
   * `columns`: what the digest covers and `value` is asked for; `positions`: where the file has its columns. Times are
   * told up to `latestMs`: one that lies ahead would make every later change look old. 0 where they say nothing.
   */
  constructor(
    collection: string,
    columns: readonly string[],
    positions: ReadonlyMap<string, number>,
    definition: FileDefinition | undefined,
    latestMs = 0,
  ) {
    this.collection = collection
    this.fileName = `${collection}.csv`
    this.#keyCell = positions.get('sourcedId') ?? -1
    this.#timeCell = positions.get('dateLastModified') ?? -1
    this.#latestMs = latestMs
    const read = listReadColumns(columns, positions)
    const definitions = new Map(definition?.columns.map((column) => [column.name, column]))
    this.#cells = listDigestCells(columns, positions)
    this.#columns = new Map(
      read.map((column) => [column, new CellReader(positions.get(column) ?? -1, definitions.get(column))]),
    )
  }

  /**
   * Takes the next row. `schools`: those the student belongs to, none outside users.csv; `digested` stands for the row
   * in the digest, where its lists may come in any order.
   */
  show(
    row: RowView,
    presence: SourceRecord['presence'],
    schools: SchoolChoice = noSchool,
    digested: RowView = row,
  ): this {
    this.#row = row
    this.#schools = schools.keys
    this.presence = presence
    // A row that misses cells at its end is never active (C-07), so the digest finds all of them.
    if (presence === 'active') this.#digest.of(digested, this.#cells, schools.sortedKeys)
    return this
  }

  get line(): number {
    return this.#row.line
  }

  get digestHi(): number {
    return this.#digest.hi
  }

  get digestLo(): number {
    return this.#digest.lo
  }

  modifiedAt(): string {
    if (this.#latestMs === 0) return ''
    const ms = readChangeTime(this.#row, this.#timeCell, this.#latestMs)
    return ms === undefined ? '' : new Date(ms).toISOString()
  }

  key(): string {
    return readCell(this.#row, this.#keyCell)
  }

  value(column: string): string {
    if (column === 'school') return this.#schools
    if (column === 'federatedId') return firstUserId(this.#columns.get('userIds')?.read(this.#row) ?? '')
    return this.#columns.get(column)?.read(this.#row) ?? ''
  }
}

/** The cells that the digest of a row covers: those of the columns that are imported, in the columns' order. */
export function listDigestCells(columns: readonly string[], positions: ReadonlyMap<string, number>): readonly number[] {
  return listReadColumns(columns, positions).map((column) => positions.get(column) ?? -1)
}

function listReadColumns(columns: readonly string[], positions: ReadonlyMap<string, number>): readonly string[] {
  const computed = columns.includes('federatedId') ? ['userIds'] : []
  return [...new Set(['sourcedId', ...columns, ...computed])].filter((column) => positions.has(column))
}

/** The first item of `{type:id},{type:id}` as `type:id` (contract.md); one that is not so formed is of type "unknown" (F-11). */
export function firstUserId(userIds: string): string {
  // Nearly every value is one item without blanks, and needs no pattern.
  const isPlain = userIds.startsWith('{') && userIds.indexOf('}') === userIds.length - 1
  const first = isPlain ? userIds.slice(1, -1) : (/^\s*\{([^{}]*)\}/.exec(userIds)?.[1] ?? userIds.split(',')[0] ?? '')
  if (first === '') return ''
  const colon = first.indexOf(':')
  if (colon === -1) return `unknown:${first.trim()}`
  return first.includes(' ') ? `${first.slice(0, colon).trim()}:${first.slice(colon + 1).trim()}` : first
}
