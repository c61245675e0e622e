import { CellMark, type RowView } from './row-view.ts'

const encoder = new TextEncoder()
/** Every bit: a bit promises only when it is not set. The bytes are the values, so no quote is doubled. */
const anything = 0xffff & ~CellMark.escapedQuote

/** A row made of texts: one that stands in no file as it is, such as a record put together from several rows. */
export class TextRow implements RowView {
  readonly bytes: Uint8Array
  readonly starts: Int32Array
  readonly ends: Int32Array
  readonly marks: Uint16Array
  readonly width: number
  readonly line: number
  readonly #cells: readonly string[]

  constructor(cells: readonly string[], line: number) {
    this.#cells = cells
    this.line = line
    this.width = cells.length
    this.starts = new Int32Array(cells.length)
    this.ends = new Int32Array(cells.length)
    this.marks = new Uint16Array(cells.length).fill(anything)
    const encoded = cells.map((cell) => encoder.encode(cell))
    this.bytes = new Uint8Array(encoded.reduce((length, cell) => length + cell.length + 1, 0))
    let at = 0
    for (const [index, cell] of encoded.entries()) {
      this.bytes.set(cell, at)
      this.starts[index] = at
      this.ends[index] = at + cell.length
      at += cell.length + 1
    }
  }

  text(cell: number): string {
    return this.#cells[cell] ?? ''
  }
}
