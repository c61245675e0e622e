import { isUtf8 } from 'node:buffer'
import type { CsvFault, CsvFaultKind } from './csv-fault.ts'
import { CellMark } from './row-view.ts'
import { carriageReturn, comma, lineFeed, plainClasses, quote, quotedClasses, stopBit } from './byte-classes.ts'
import { CsvRow } from './csv-row.ts'
import { Utf8Check } from './utf8-check.ts'

export type CsvLimits = {
  readonly maxCellBytes: number
  readonly maxRowBytes: number
  readonly maxCells: number
}

export const defaultCsvLimits: CsvLimits = { maxCellBytes: 1 << 20, maxRowBytes: 8 << 20, maxCells: 4096 }

export interface CsvSink {
  /** Every row, the header and blank lines (one empty cell) too. `row` is the reader's own and reused. */
  row(row: CsvRow): void
  /**
   * A byte order mark, a lone carriage return (taken as a line end) and text that is not UTF-8 are told once and
   * reading goes on; after any other fault the rest of the file cannot be trusted and nothing more is read.
   */
  fault(fault: CsvFault): void
}

/** Between cells, inside a bare cell, inside a quoted cell, inside a quoted cell too long to be kept. */
const State = { cellBegin: 0, plain: 1, quoted: 2, skipping: 3 } as const
type State = (typeof State)[keyof typeof State]

/**
 * Reads CSV (RFC 4180, UTF-8, comma) from blocks of bytes cut anywhere, row by row, without making strings. Memory is
 * bounded by the limits, whatever the input. Line ends are CRLF or LF; a byte order mark is taken off.
 */
export class CsvReader {
  isStopped = false

  readonly #sink: CsvSink
  readonly #limits: CsvLimits
  readonly #row: CsvRow
  readonly #utf8 = new Utf8Check()
  /** Bytes `[0, #end)` of the row's buffer are filled; the unfinished row begins at `#rowStart`. */
  #end = 0
  #rowStart = 0
  #at = 0
  #cellStart = 0
  #marks = 0
  #state: State = State.cellBegin
  /** Line breaks inside the quoted cells of the unfinished row. */
  #innerLines = 0
  #line = 1
  #isAtStart = true
  #hasLoneCarriageReturn = false
  #isBadTextTold = false

  constructor(sink: CsvSink, limits: CsvLimits = defaultCsvLimits) {
    this.#sink = sink
    this.#limits = limits
    this.#row = new CsvRow(Buffer.allocUnsafe(1 << 18))
  }

  /** Physical lines begun so far; after `end`, the number of lines of the file. */
  get line(): number {
    return this.#line
  }

  push(chunk: Uint8Array): void {
    if (this.isStopped) return
    this.#append(chunk)
    if (this.#isAtStart && !this.#checkStart(false)) return
    this.#utf8.extend(this.#row.bytes, this.#end, false)
    this.#scan(false)
  }

  /** Must be called once after the last block. */
  end(): void {
    if (this.isStopped) return
    if (this.#isAtStart && !this.#checkStart(true)) return
    this.#utf8.extend(this.#row.bytes, this.#end, true)
    this.#scan(true)
  }

  /** For a sink that wants nothing more. */
  stop(): void {
    this.isStopped = true
  }

  #append(chunk: Uint8Array): void {
    this.#dropFinishedRows()
    const row = this.#row
    if (this.#end + chunk.length > row.bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(row.bytes.length * 2, this.#end + chunk.length))
      row.bytes.copy(grown, 0, 0, this.#end)
      row.bytes = grown
    }
    row.bytes.set(chunk, this.#end)
    this.#end += chunk.length
  }

  #dropFinishedRows(): void {
    // A cell that is too long is not kept: only the bytes not yet looked at are.
    const distance = this.#state === State.skipping ? this.#at : this.#rowStart
    if (distance === 0) return
    this.#row.bytes.copyWithin(0, distance, this.#end)
    this.#row.shift(distance)
    this.#utf8.shift(distance)
    this.#end -= distance
    this.#at -= distance
    this.#cellStart -= distance
    this.#rowStart = 0
  }

  /** False while there are too few bytes to know, or when the file is not UTF-8 at all. */
  #checkStart(isLast: boolean): boolean {
    const { bytes } = this.#row
    if (this.#end < 3 && !isLast) return false
    this.#isAtStart = false
    const [first, second, third] = this.#end > 0 ? bytes.subarray(0, this.#end) : []
    if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return this.#stop('utf16')
    // UTF-16 without a mark: every other byte of a header is NUL, and nothing else is to be said of such bytes.
    if (first === 0 || second === 0) return this.#stop('utf16')
    if (first === 0xef && second === 0xbb && third === 0xbf) {
      this.#sink.fault({ kind: 'byteOrderMark', line: 1 })
      this.#rowStart = 3
      this.#at = 3
    }
    return true
  }

  #stop(kind: CsvFaultKind, line = this.#line): false {
    this.isStopped = true
    this.#sink.fault({ kind, line })
    return false
  }

  #scan(isLast: boolean): void {
    const { bytes } = this.#row
    const end = this.#end
    while (!this.isStopped) {
      if (this.#state === State.plain) {
        const at = this.#scanPlainCells(bytes, end)
        if (at === end && !isLast) return this.#checkUnfinished()
        if (!this.#endPlainCell(bytes, at, end, isLast)) return
      } else if (this.#state === State.cellBegin) {
        if (this.#at === end) return this.#endOfBlockBetweenCells(isLast)
        this.#marks = 0
        const isQuoted = bytes[this.#at] === quote
        if (isQuoted) this.#at++
        this.#cellStart = this.#at
        this.#state = isQuoted ? State.quoted : State.plain
      } else {
        let at = this.#at
        let marks = this.#marks
        while (at < end) {
          const found = quotedClasses[bytes[at] as number] as number // tables of 256, `at` below `end`
          if ((found & stopBit) !== 0) break
          marks |= found
          at++
        }
        this.#at = at
        this.#marks = marks
        if (at === end) {
          if (isLast) this.#stop('unclosedQuote')
          else this.#checkUnfinished()
          return
        }
        if (!this.#lookInsideQuotes(bytes, at, end, isLast)) return
      }
    }
  }

  /**
   * Scans from inside a bare cell over as many bare cells as follow, up to a byte that needs a decision. Nearly all
   * bytes of a file pass here, which is why the state is kept in locals and adding a cell is written out.
   */
  #scanPlainCells(bytes: Buffer, end: number): number {
    const row = this.#row
    const { starts, ends, marks: allMarks } = row
    const mostCells = Math.min(starts.length, this.#limits.maxCells)
    const { maxCellBytes } = this.#limits
    let { width } = row
    let at = this.#at
    let cellStart = this.#cellStart
    let marks = this.#marks
    for (;;) {
      let found = 0
      while (at < end) {
        found = plainClasses[bytes[at] as number] as number // tables of 256, `at` below `end`
        if ((found & stopBit) !== 0) break
        marks |= found
        at++
      }
      // Left to the caller: the end of the block, a line end or quote, a quoted cell next, more room, a cell too long.
      if (at + 1 >= end || bytes[at] !== comma || width >= mostCells || bytes[at + 1] === quote) break
      if (at - cellStart > maxCellBytes) break
      starts[width] = cellStart
      ends[width] = at
      allMarks[width] = marks
      width++
      at++
      cellStart = at
      marks = 0
    }
    row.width = width
    this.#at = at
    this.#cellStart = cellStart
    this.#marks = marks
    return at
  }

  /** At a stop byte, or at the very end, of a bare cell. False when the next block must be awaited. */
  #endPlainCell(bytes: Buffer, at: number, end: number, isLast: boolean): boolean {
    const byte = at === end ? lineFeed : bytes[at]
    if (byte === comma) {
      this.#addCell(at)
      this.#at = at + 1
      this.#state = State.cellBegin
      return true
    }
    if (byte === quote) return this.#stop('quoteInsideCell', this.#line + this.#innerLines)
    return this.#endRow(bytes, at, at, end, isLast)
  }

  /** At a quote or a line end inside a quoted cell. False when the next block must be awaited. */
  #lookInsideQuotes(bytes: Buffer, at: number, end: number, isLast: boolean): boolean {
    const hasNext = at + 1 < end
    if (!hasNext && !isLast) {
      this.#checkUnfinished()
      return false
    }
    const next = hasNext ? bytes[at + 1] : undefined
    if (bytes[at] !== quote) {
      this.#marks |= CellMark.lineBreak | CellMark.notDigit
      this.#innerLines++
      this.#at = bytes[at] === carriageReturn && next === lineFeed ? at + 2 : at + 1
      return true
    }
    if (next === quote) {
      this.#marks |= CellMark.escapedQuote | CellMark.notGuid | CellMark.notDigit
      this.#at = at + 2
      return true
    }
    if (this.#state === State.skipping) return this.#stop('cellTooLong')
    if (next === comma) {
      this.#addCell(at)
      this.#at = at + 2
      this.#state = State.cellBegin
      return true
    }
    if (next === undefined || next === lineFeed || next === carriageReturn) {
      return this.#endRow(bytes, at, at + 1, end, isLast)
    }
    return this.#stop('textAfterQuote', this.#line + this.#innerLines)
  }

  /** The last cell ends at `cellEnd`; at `at` is a line end, or the end of the file. */
  #endRow(bytes: Buffer, cellEnd: number, at: number, end: number, isLast: boolean): boolean {
    let next = at + 1
    if (at < end && bytes[at] === carriageReturn) {
      if (next === end && !isLast) {
        this.#checkUnfinished()
        return false
      }
      if (next < end && bytes[next] === lineFeed) next++
      else this.#tellLoneCarriageReturn()
    }
    this.#addCell(cellEnd)
    this.#at = Math.min(next, end)
    this.#emitRow(at)
    return true
  }

  #endOfBlockBetweenCells(isLast: boolean): void {
    if (!isLast || this.#row.width === 0) return
    // The file ends after a comma: one more cell, blank.
    this.#marks = 0
    this.#cellStart = this.#at
    this.#addCell(this.#at)
    this.#emitRow(this.#at)
  }

  #addCell(cellEnd: number): void {
    const row = this.#row
    const cell = row.width
    if (cell >= this.#limits.maxCells) {
      this.#stop('tooManyCells')
      return
    }
    if (cell === row.starts.length) row.grow()
    if (cellEnd - this.#cellStart > this.#limits.maxCellBytes) {
      this.#stop('cellTooLong')
      return
    }
    row.starts[cell] = this.#cellStart
    row.ends[cell] = cellEnd
    row.marks[cell] = this.#marks
    row.width = cell + 1
  }

  #emitRow(rowEnd: number): void {
    const row = this.#row
    if (this.isStopped) return
    row.line = this.#line
    if (row.line === 1 && row.bytes.subarray(this.#rowStart, rowEnd).includes(0)) {
      // Every other byte of UTF-16 is NUL; a NUL further on is a character that does not belong there (C-10).
      this.#stop('utf16')
      return
    }
    if (!this.#utf8.isValid && !this.#isBadTextTold && !isUtf8(row.bytes.subarray(this.#rowStart, rowEnd))) {
      this.#isBadTextTold = true
      this.#sink.fault({ kind: 'notUtf8', line: row.line })
    }
    this.#line += 1 + this.#innerLines
    this.#innerLines = 0
    this.#state = State.cellBegin
    this.#rowStart = this.#at
    this.#sink.row(row)
    row.width = 0
  }

  #tellLoneCarriageReturn(): void {
    if (this.#hasLoneCarriageReturn) return
    this.#hasLoneCarriageReturn = true
    this.#sink.fault({ kind: 'loneCarriageReturn', line: this.#line })
  }

  /**
   * At the end of a block inside a cell. An over-long quoted cell is read on without being kept, because only its
   * end tells whether the cell is too long or its quote was never closed.
   */
  #checkUnfinished(): void {
    if (this.#state === State.skipping) return
    if (this.#at - this.#cellStart > this.#limits.maxCellBytes) {
      if (this.#state === State.quoted) this.#state = State.skipping
      else this.#stop('cellTooLong')
    } else if (this.#at - this.#rowStart > this.#limits.maxRowBytes) {
      this.#stop('rowTooLong')
    }
  }
}
