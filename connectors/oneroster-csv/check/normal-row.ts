import { CellMark, type RowView } from '../../kit/csv/row-view.ts'
import { normalizeText, trimText } from '../../../domain/normalize-text.ts'
import { CsvRow } from '../../kit/csv/csv-row.ts'
import type { ColumnCheck } from './column-checks.ts'

/** Without one of these a cell is as it should be, or has blanks at its ends that every reader of bytes passes over. */
const lookedAt = CellMark.nonAscii | CellMark.control | CellMark.lineBreak
/** What composing and trimming may bring into a cell that had none of it. */
const mayAppear = CellMark.blank | CellMark.comma | CellMark.notGuid | CellMark.notDigit | CellMark.upperCase

/**
 * Rows with the values that are kept and compared (domain/normalize-text.ts), made before anything takes a cell for a
 * key or a reference: those read bytes, and one id written in two ways must have the same. What the rules on cells say
 * of a value they say of the row as it came.
 */
export class NormalRow {
  readonly #row = new CsvRow(Buffer.alloc(1 << 12))

  /** The row itself when nothing in it changes, as nearly always; else a row of its own, valid until the next call. */
  of(row: CsvRow, columns: readonly ColumnCheck[]): CsvRow {
    if (row.ahead.isNormal) return row
    let marks = 0
    for (let cell = 0; cell < row.width; cell++) marks |= row.marks[cell] as number // inside the arrays
    if ((marks & lookedAt) === 0) return row
    let changed: Map<number, string> | undefined
    for (let cell = 0; cell < row.width; cell++) {
      if (!mayNeedChange(row, cell)) continue
      // With its doubled quotes: they are part of no composed character, and the reader resolves them.
      const text = row.bytes.toString('utf8', row.starts[cell], row.ends[cell])
      const normal = normalizeCell(text, columns[cell])
      if (normal !== text) (changed ??= new Map()).set(cell, normal)
    }
    return changed === undefined ? row : this.#copy(row, changed)
  }

  #copy(row: CsvRow, changed: ReadonlyMap<number, string>): CsvRow {
    const copy = this.#row
    copy.resize(row.width)
    copy.line = row.line
    let needed = 0
    for (let cell = 0; cell < row.width; cell++) {
      needed += (changed.get(cell)?.length ?? 0) * 3 + (row.ends[cell] as number) - (row.starts[cell] as number)
    }
    if (needed > copy.bytes.length) copy.bytes = Buffer.alloc(needed * 2)
    let at = 0
    for (let cell = 0; cell < row.width; cell++) {
      const text = changed.get(cell)
      const [start, end] = [row.starts[cell] as number, row.ends[cell] as number]
      copy.starts[cell] = at
      copy.marks[cell] = (row.marks[cell] as number) | (text === undefined ? 0 : mayAppear)
      at += text === undefined ? row.bytes.copy(copy.bytes, at, start, end) : copy.bytes.write(text, at)
      copy.ends[cell] = at
    }
    return copy
  }
}

/**
 * Characters below U+0300, which is a byte of 0xCC, are composed already; of them the next line (C2 85) and the
 * no-break space (C2 A0) count as blank.
 */
function mayNeedChange({ bytes, starts, ends, marks }: RowView, cell: number): boolean {
  const cellMarks = marks[cell] as number // the caller counts to the row's width
  if ((cellMarks & lookedAt) === 0) return false
  if ((cellMarks & (CellMark.control | CellMark.lineBreak)) !== 0) return true
  for (let at = starts[cell] as number, end = ends[cell] as number; at < end; at++) {
    const byte = bytes[at] as number
    if (byte >= 0xcc) return true
    if (byte === 0xc2 && (bytes[at + 1] === 0x85 || bytes[at + 1] === 0xa0)) return true
  }
  return false
}

/** Items of a list end where the list does or at a comma; an id in `{type:id}` may hold a comma itself. */
function normalizeCell(text: string, check: ColumnCheck | undefined): string {
  const normal = normalizeText(text)
  const column = check?.place.column
  if (column?.isList !== true || column.type === 'pair' || !normal.includes(',')) return normal
  return normal.split(',').map(trimText).join(',')
}
