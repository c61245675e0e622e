import { isCleanCell } from '../rules/clean/clean-cell.ts'
import type { CsvFault } from '../../kit/csv/csv-fault.ts'
import { readHeader } from '../rules/header/read-header.ts'
import type { FileMode, OneRosterVersion } from '../../kit/one-roster/format/column.ts'
import { findFileDefinition } from '../../kit/one-roster/format/files.ts'
import { RowHash } from '../index/row-hash.ts'
import { CsvReader, type CsvLimits, type CsvSink } from '../../kit/csv/csv-reader.ts'
import type { CsvRow } from '../../kit/csv/csv-row.ts'
import { buildColumnChecks, type ColumnCheck } from '../check/column-checks.ts'
import { NormalRow } from '../check/normal-row.ts'
import { isBlankLine } from '../check/row-reading.ts'
import { listDigestCells } from '../../kit/one-roster/rows/row-record.ts'
import { RowDigest } from '../../kit/one-roster/rows/row-digest.ts'
import { BatchWriter } from './batch-writer.ts'
import { RowFlag, type BatchArrays, type RowBatch } from './row-batch.ts'

/** What a scan must know of a file; plain data, because it goes to another thread. */
export type ScanOrder = {
  readonly version: OneRosterVersion
  /** Without `.csv`. */
  readonly fileName: string
  readonly mode: FileMode
  readonly limits: CsvLimits
  /** Of what `ahead` begins the digest; undefined for no digest. */
  readonly digestColumns: readonly string[] | undefined
}

/**
 * The part of reading a file that needs nothing but the file: cutting it into cells, telling the cells that no rule
 * has anything to say about, beginning the digests. Block in, batch out.
 */
export class FileScan implements CsvSink {
  readonly #order: ScanOrder
  readonly #reader: CsvReader
  readonly #writer = new BatchWriter()
  readonly #rowHash = new RowHash()
  readonly #digest = new RowDigest()
  readonly #normal = new NormalRow()
  #columns: readonly ColumnCheck[] | undefined
  #digestCells: readonly number[] | undefined

  constructor(order: ScanOrder) {
    this.#order = order
    this.#reader = new CsvReader(this, order.limits)
  }

  /** The rows that the block completes. `block` is not needed afterwards. */
  scan(block: Uint8Array, arrays: BatchArrays): RowBatch {
    this.#writer.begin(arrays)
    this.#reader.push(block)
    return this.#writer.finish()
  }

  /** What the end of the file completes. */
  end(arrays: BatchArrays): RowBatch {
    this.#writer.begin(arrays)
    this.#reader.end()
    return this.#writer.finish()
  }

  fault(fault: CsvFault): void {
    this.#writer.fault(fault)
  }

  row(row: CsvRow): void {
    const columns = this.#columns
    if (columns === undefined) {
      if (!isBlankLine(row)) this.#takeHeader(row)
      this.#writer.row(row, 0, 0, 0, 0)
      return
    }
    // A row of another width than the header's is looked at cell by cell when its turn comes.
    if (row.width !== columns.length) {
      this.#writer.row(row, 0, 0, 0, 0)
      return
    }
    const cleanFlag = areCellsClean(columns, row) ? RowFlag.clean : 0
    // Hashes are of the values that are kept: a row that has others waits for its turn.
    if (this.#normal.of(row, columns) !== row) {
      this.#writer.row(row, cleanFlag, 0, 0, 0)
      return
    }
    const flags = RowFlag.content | RowFlag.normal | cleanFlag
    const content = this.#rowHash.row(row)
    if (this.#digestCells === undefined) {
      this.#writer.row(row, flags, content, 0, 0)
      return
    }
    const { hi, lo } = this.#digest.begin(row, this.#digestCells)
    this.#writer.row(row, flags | RowFlag.digest, content, hi, lo)
  }

  #takeHeader(row: CsvRow): void {
    const { version, fileName, mode, digestColumns } = this.#order
    const definition = findFileDefinition(version, fileName)
    if (definition === undefined) throw new Error(`${fileName} is no file of OneRoster ${version}`)
    const header = readHeader(
      definition,
      mode,
      Array.from({ length: row.width }, (_, cell) => row.text(cell)),
    )
    this.#columns = buildColumnChecks(header)
    if (digestColumns !== undefined) this.#digestCells = listDigestCells(digestColumns, header.positions)
  }
}

/** True when no rule can find anything in the cells of the row, which has as many as `columns`. */
function areCellsClean(columns: readonly ColumnCheck[], row: CsvRow): boolean {
  const { bytes, starts, ends, marks } = row
  for (let cell = 0; cell < columns.length; cell++) {
    const column = columns[cell] as ColumnCheck // inside the array: below its length
    const start = starts[cell] as number
    const end = ends[cell] as number
    const isClean =
      start === end ? !column.mustBeFilled : isCleanCell(column.test, bytes, start, end, marks[cell] as number)
    if (!isClean) return false
  }
  return true
}
