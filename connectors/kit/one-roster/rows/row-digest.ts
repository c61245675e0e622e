import { Hash64 } from '../../../../domain/hash64.ts'
import { CellMark, type RowView } from '../../csv/row-view.ts'
import { readCell } from './cell-text.ts'

/** Cells whose bytes are not yet the value that is imported. */
const needsText = CellMark.escapedQuote | CellMark.lineBreak

/**
 * The digest of a row over some of its cells, blanks at their ends aside, so that a file which only quotes or pads
 * differently has the same digests. Straight from the bytes: nothing is allocated for a clean row.
 */
export class RowDigest {
  readonly #hash = new Hash64()
  /** Of the last `more`: thousands of rows have the same. */
  readonly #moreHash = new Hash64().reset().text('').finish()
  #lastMore = ''

  get hi(): number {
    return this.#hash.hi
  }

  get lo(): number {
    return this.#hash.lo
  }

  /**
   * Digests `cells`, which the row must have, then `more`, a value computed from other files that the row does not show.
   */
  of(row: RowView, cells: readonly number[], more: string): this {
    if (row.ahead?.hasDigest === true) this.#hash.resume(row.ahead.digestHi, row.ahead.digestLo)
    else this.begin(row, cells)
    if (more !== this.#lastMore) {
      this.#lastMore = more
      this.#moreHash.reset().text(more).finish()
    }
    this.#hash.hash(this.#moreHash).finish()
    return this
  }

  /** The part of a digest that needs nothing but the row; `hi` and `lo` are not finished. */
  begin(row: RowView, cells: readonly number[]): this {
    const hash = this.#hash.reset()
    let marks = 0
    for (const cell of cells) marks |= row.marks[cell] as number // cells of the row, by the caller's promise
    if ((marks & (needsText | CellMark.blank)) === 0) hash.pieces(row.bytes, row.starts, row.ends, cells)
    else for (const cell of cells) this.#feed(row, cell)
    return this
  }

  #feed(row: RowView, cell: number): void {
    const marks = row.marks[cell] as number
    if ((marks & needsText) !== 0) {
      this.#hash.text(readCell(row, cell)).separator()
      return
    }
    let start = row.starts[cell] as number
    let end = row.ends[cell] as number
    if ((marks & CellMark.blank) !== 0) {
      while (start < end && (row.bytes[start] === 0x20 || row.bytes[start] === 0x09)) start++
      while (end > start && (row.bytes[end - 1] === 0x20 || row.bytes[end - 1] === 0x09)) end--
    }
    this.#hash.bytes(row.bytes, start, end).separator()
  }
}
