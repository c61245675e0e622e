import type { OwnCodes, SourceRecord } from '../../../connector.ts'
import type { RowView } from '../../csv/row-view.ts'
import type { FileDefinition } from '../format/column.ts'
import { findOwnCodes } from '../format/own-codes.ts'
import { CellReader } from './cell-reader.ts'
import { readCell } from './cell-text.ts'
import { readChangeTime } from './newest-change.ts'
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

/** What other rows say of a record, under names of columns; `digest` stands for all of it. */
export type Beside = { readonly values: Readonly<Record<string, string>>; readonly digest: string }

const nothingBeside: Beside = { values: {}, digest: '' }

/** A column that is made of others of the row, or of what stands beside it. */
export type MadeColumn = {
  readonly from: readonly string[]
  readonly make: (read: (column: string) => string) => string
}
export type MadeColumns = Readonly<Record<string, MadeColumn>>

export type RowRecordOptions = {
  readonly collection: string
  /** Without `.csv`. */
  readonly file: string
  /** What the digest covers and `value` is asked for. */
  readonly columns: readonly string[]
  /** Where the file has its columns. */
  readonly positions: ReadonlyMap<string, number>
  readonly definition: FileDefinition | undefined
  readonly made?: MadeColumns
  readonly ownCodes?: OwnCodes | undefined
  /** Times are told up to then: one that lies ahead would make every later change look old. 0 where they say nothing. */
  readonly latestMs?: number
}

/** One row of a file seen as a record, or as a part of one; the same object for every row of a file. */
export class RowRecord implements SourceRecord {
  readonly collection: string
  readonly fileName: string
  readonly #cells: readonly number[]
  readonly #columns: ReadonlyMap<string, CellReader>
  readonly #made: MadeColumns
  readonly #keyCell: number
  readonly #timeCell: number
  readonly #latestMs: number
  readonly #digest = new RowDigest()
  #row = blankRow
  #beside = nothingBeside
  presence: SourceRecord['presence'] = 'active'

  constructor({
    collection,
    file,
    columns,
    positions,
    definition,
    made = {},
    ownCodes,
    latestMs = 0,
  }: RowRecordOptions) {
    this.collection = collection
    this.fileName = `${file}.csv`
    this.#made = made
    this.#keyCell = positions.get('sourcedId') ?? -1
    this.#timeCell = positions.get('dateLastModified') ?? -1
    this.#latestMs = latestMs
    const read = listDigestColumns(columns, made).filter((column) => positions.has(column))
    const definitions = new Map(definition?.columns.map((column) => [column.name, column]))
    this.#cells = listDigestCells(read, positions)
    this.#columns = new Map(
      read.map((column) => {
        const own = findOwnCodes(ownCodes, file, column)
        return [column, new CellReader(positions.get(column) ?? -1, definitions.get(column), own)]
      }),
    )
  }

  /**
   * Takes the next row. `beside`: what other rows say of the record; `digested` stands for the row in the digest, where its
   * lists may come in any order.
   */
  show(
    row: RowView,
    presence: SourceRecord['presence'],
    beside: Beside = nothingBeside,
    digested: RowView = row,
  ): this {
    this.#row = row
    this.#beside = beside
    this.presence = presence
    // A row that misses cells at its end is never active (C-07), so the digest finds all of them.
    if (presence === 'active') this.#digest.of(digested, this.#cells, beside.digest)
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

  readonly value = (column: string): string => {
    const made = this.#made[column]
    if (made !== undefined) return made.make(this.value)
    return this.#columns.get(column)?.read(this.#row) ?? this.#beside.values[column] ?? ''
  }
}

/** The columns of a file that a digest covers, in order: the id, those that are mapped, and what made ones are made of. */
export function listDigestColumns(columns: readonly string[], made: MadeColumns = {}): readonly string[] {
  const sources = columns.flatMap((column) => made[column]?.from ?? [])
  return [...new Set(['sourcedId', ...columns.filter((column) => made[column] === undefined), ...sources])]
}

/** Their cells, where the file has them. */
export function listDigestCells(columns: readonly string[], positions: ReadonlyMap<string, number>): readonly number[] {
  return columns.filter((column) => positions.has(column)).map((column) => positions.get(column) ?? -1)
}
