import { CellMark, type RowView } from '../../csv/row-view.ts'
import type { Column } from '../format/column.ts'
import { repairValue } from '../format/repair-value.ts'
import { readCell } from './cell-text.ts'

/** Without one of these a value is what its bytes say. */
const suspectMarks = CellMark.blank | CellMark.lineBreak | CellMark.nonAscii | CellMark.escapedQuote | CellMark.comma
/** Values up to this length are compared with the one before: grades, schools, truth values come in long runs. */
const longestRemembered = 12

/** Reads one column of a file as the warnings about it promise: trimmed, in the standard's spelling, no empty items. */
export class CellReader {
  readonly #cell: number
  readonly #column: Column | undefined
  readonly #suspect: number
  readonly #isGrade: boolean
  readonly #own: ReadonlySet<string> | undefined
  #last = ''

  /** `own`: words of the source that are read as they are. */
  constructor(cell: number, column: Column | undefined, own?: ReadonlySet<string>) {
    this.#own = own
    this.#cell = cell
    this.#column = column
    const hasSpelling = column?.type === 'enum' || column?.type === 'bool' || column?.type === 'grade'
    this.#isGrade = column?.type === 'grade'
    this.#suspect = suspectMarks | (hasSpelling ? CellMark.upperCase : 0)
  }

  /** '' when the row has no such cell. */
  read(row: RowView): string {
    const cell = this.#cell
    if (cell < 0 || cell >= row.width) return ''
    const start = row.starts[cell] as number
    const length = (row.ends[cell] as number) - start
    if (length === 0) return ''
    // A grade of one digit has lost its zero.
    const isShortGrade = this.#isGrade && length === 1
    if (isShortGrade || ((row.marks[cell] as number) & this.#suspect) !== 0)
      return repairValue(this.#column, readCell(row, cell), this.#own)
    if (length > longestRemembered) return row.text(cell)
    if (!this.#isLast(row.bytes, start, length)) this.#last = row.text(cell)
    return this.#last
  }

  #isLast(bytes: Uint8Array, start: number, length: number): boolean {
    const last = this.#last
    if (last.length !== length) return false
    for (let at = 0; at < length; at++) {
      if (bytes[start + at] !== last.charCodeAt(at)) return false
    }
    return true
  }
}
