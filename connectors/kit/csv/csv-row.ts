import { CellMark } from './row-view.ts'
import type { RowView, ScannedAhead } from './row-view.ts'

const initialCells = 64

/** The one row object of a reader, filled anew for each row. */
export class CsvRow implements RowView {
  bytes: Buffer
  starts = new Int32Array(initialCells)
  ends = new Int32Array(initialCells)
  marks = new Uint16Array(initialCells)
  width = 0
  line = 1
  readonly ahead: ScannedAhead = {
    isClean: false,
    isNormal: false,
    hasContent: false,
    content: 0,
    hasDigest: false,
    digestHi: 0,
    digestLo: 0,
  }

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  text(cell: number): string {
    if (cell >= this.width) return ''
    // Inside the arrays: `cell` is below `width`.
    const start = this.starts[cell] as number
    const end = this.ends[cell] as number
    const marks = this.marks[cell] as number
    const text = this.bytes.toString((marks & CellMark.nonAscii) === 0 ? 'latin1' : 'utf8', start, end)
    return (marks & CellMark.escapedQuote) === 0 ? text : text.replaceAll('""', '"')
  }

  /** Makes room for one more cell. */
  grow(): void {
    const size = this.starts.length * 2
    this.starts = growInts(this.starts, size)
    this.ends = growInts(this.ends, size)
    const marks = new Uint16Array(size)
    marks.set(this.marks)
    this.marks = marks
  }

  /** Moves the offsets of the cells read so far, when the bytes under them are moved. */
  shift(distance: number): void {
    for (let cell = 0; cell < this.width; cell++) {
      this.starts[cell] = (this.starts[cell] as number) - distance // inside the array: below width
      this.ends[cell] = (this.ends[cell] as number) - distance // inside the array: below width
    }
  }

  /** Gives the row exactly `width` cells: surplus ones are dropped, missing ones are blank. */
  resize(width: number): void {
    while (this.starts.length < width) this.grow()
    for (let cell = this.width; cell < width; cell++) {
      this.starts[cell] = 0
      this.ends[cell] = 0
      this.marks[cell] = 0
    }
    this.width = width
  }
}

function growInts(ints: Int32Array<ArrayBuffer>, size: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(size)
  grown.set(ints)
  return grown
}
