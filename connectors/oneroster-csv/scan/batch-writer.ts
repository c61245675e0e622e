import type { CsvFault } from '../../kit/csv/csv-fault.ts'
import type { CsvRow } from '../../kit/csv/csv-row.ts'
import { createBatchArrays, rowWords, type BatchArrays, type RowBatch } from './row-batch.ts'

/** Gathers the rows of one block into a batch. */
export class BatchWriter {
  #arrays = createBatchArrays()
  #cellCount = 0
  #rowCount = 0
  #bytesEnd = 0
  #block: Uint8Array = this.#arrays.bytes
  #faults: { beforeRow: number; fault: CsvFault }[] = []

  /** Begins a batch in the arrays of an earlier one. */
  begin(arrays: BatchArrays): void {
    this.#arrays = arrays
    this.#cellCount = 0
    this.#rowCount = 0
    this.#bytesEnd = 0
    this.#faults = []
  }

  fault(fault: CsvFault): void {
    this.#faults.push({ beforeRow: this.#rowCount, fault })
  }

  row(row: CsvRow, flags: number, content: number, digestHi: number, digestLo: number): void {
    const { width, starts: rowStarts, ends: rowEnds, marks: rowMarks } = row
    let to = this.#cellCount
    const at = this.#rowCount * rowWords
    if (to + width > this.#arrays.starts.length || at + rowWords > this.#arrays.rows.length) this.#grow(to + width)
    const { starts, ends, marks, rows } = this.#arrays
    for (let cell = 0; cell < width; cell++, to++) {
      starts[to] = rowStarts[cell] as number // below width
      ends[to] = rowEnds[cell] as number // below width
      marks[to] = rowMarks[cell] as number // below width
    }
    rows[at] = row.line
    rows[at + 1] = to
    rows[at + 2] = flags
    rows[at + 3] = content
    rows[at + 4] = digestHi
    rows[at + 5] = digestLo
    this.#cellCount = to
    this.#rowCount++
    this.#bytesEnd = rowEnds[width - 1] as number // a row has at least one cell
    this.#block = row.bytes
  }

  /** The batch; the bytes of its rows are copied, because the reader moves them when the next block comes. */
  finish(): RowBatch {
    const length = this.#bytesEnd
    if (this.#arrays.bytes.length < length) {
      this.#arrays = { ...this.#arrays, bytes: new Uint8Array(new SharedArrayBuffer(roundUp(length))) }
    }
    this.#arrays.bytes.set(this.#block.subarray(0, length))
    return { arrays: this.#arrays, rowCount: this.#rowCount, faults: this.#faults }
  }

  #grow(neededCells: number): void {
    const old = this.#arrays
    const cells = Math.max(old.starts.length, roundUp(neededCells))
    const starts = new Int32Array(new SharedArrayBuffer(cells * 4))
    const ends = new Int32Array(new SharedArrayBuffer(cells * 4))
    const marks = new Uint16Array(new SharedArrayBuffer(cells * 2))
    const rows = new Int32Array(new SharedArrayBuffer(roundUp(old.rows.length) * 4))
    starts.set(old.starts)
    ends.set(old.ends)
    marks.set(old.marks)
    rows.set(old.rows)
    this.#arrays = { ...old, starts, ends, marks, rows }
  }
}

/** Half as much again, and not too little, so that growing is rare. */
function roundUp(size: number): number {
  return Math.max(8192, Math.ceil(size * 1.5))
}
