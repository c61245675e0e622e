import type { CsvFault } from '../../kit/csv/csv-fault.ts'
import type { CsvSink } from '../../kit/csv/csv-reader.ts'
import type { CsvRow } from '../../kit/csv/csv-row.ts'

/**
 * The rows of one block of a file, in memory that two threads share. A row is its line, the index behind its last
 * cell, and what was found out about it; a cell is its place in `bytes` and its marks.
 */
export type BatchArrays = {
  readonly bytes: Uint8Array<SharedArrayBuffer>
  readonly starts: Int32Array<SharedArrayBuffer>
  readonly ends: Int32Array<SharedArrayBuffer>
  readonly marks: Uint16Array<SharedArrayBuffer>
  /** `rowWords` numbers a row. */
  readonly rows: Int32Array<SharedArrayBuffer>
}

export type RowBatch = {
  readonly arrays: BatchArrays
  readonly rowCount: number
  /** What the reader told, each before the row of that number. */
  readonly faults: readonly { readonly beforeRow: number; readonly fault: CsvFault }[]
}

/** Line, end of its cells, flags, content hash, both halves of its digest. */
export const rowWords = 6
export const RowFlag = { clean: 1, content: 2, digest: 4, normal: 8 } as const

/** Arrays without room; a writer replaces those that are too small. */
export function createBatchArrays(): BatchArrays {
  const nothing = new SharedArrayBuffer(0)
  return {
    bytes: new Uint8Array(nothing),
    starts: new Int32Array(nothing),
    ends: new Int32Array(nothing),
    marks: new Uint16Array(nothing),
    rows: new Int32Array(nothing),
  }
}

/** Gives a batch to a sink as the reader would have: the same rows and faults in the same order. */
export function replayBatch(batch: RowBatch, row: CsvRow, sink: CsvSink, isStopped: () => boolean): void {
  const { faults } = batch
  const { bytes, starts, ends, marks, rows } = batch.arrays
  row.bytes = Buffer.from(bytes.buffer, 0, bytes.byteLength)
  let nextFault = 0
  let cell = 0
  for (let number = 0; number < batch.rowCount; number++) {
    while (nextFault < faults.length && faults[nextFault]?.beforeRow === number) tell(nextFault++)
    if (isStopped()) return
    const at = number * rowWords
    // Inside the arrays, which were written by the same numbers.
    const cellsEnd = rows[at + 1] as number
    const width = cellsEnd - cell
    if (width > row.starts.length) row.resize(width)
    const { starts: rowStarts, ends: rowEnds, marks: rowMarks } = row
    for (let to = 0; to < width; to++, cell++) {
      rowStarts[to] = starts[cell] as number
      rowEnds[to] = ends[cell] as number
      rowMarks[to] = marks[cell] as number
    }
    const flags = rows[at + 2] as number
    row.width = width
    row.line = rows[at] as number
    row.ahead.isClean = (flags & RowFlag.clean) !== 0
    row.ahead.isNormal = (flags & RowFlag.normal) !== 0
    row.ahead.hasDigest = (flags & RowFlag.digest) !== 0
    row.ahead.hasContent = (flags & RowFlag.content) !== 0
    row.ahead.content = rows[at + 3] as number
    row.ahead.digestHi = rows[at + 4] as number
    row.ahead.digestLo = rows[at + 5] as number
    sink.row(row)
  }
  while (nextFault < faults.length && !isStopped()) tell(nextFault++)

  function tell(index: number): void {
    const told = faults[index]
    if (told !== undefined && !isStopped()) sink.fault(told.fault)
  }
}
