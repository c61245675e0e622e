import { normalizeText } from '../../../../domain/normalize-text.ts'
import { CellMark, type RowView } from '../../csv/row-view.ts'

const space = 0x20
const tab = 0x09

/**
 * A cell's value as it is imported: normalized (domain/normalize-text.ts).
 * The rules report both; nothing else is repaired here.
 */
export function readCell(row: RowView, cell: number): string {
  if (cell < 0 || cell >= row.width) return ''
  const marks = row.marks[cell] ?? 0
  const text = row.text(cell)
  if ((marks & (CellMark.nonAscii | CellMark.lineBreak | CellMark.control)) !== 0) return normalizeText(text)
  return (marks & CellMark.blank) === 0 ? text : text.trim()
}

/** True when the cell, white space at its ends aside, is this lower-case ASCII word in whatever case. */
export function isWord(row: RowView, cell: number, word: string): boolean {
  if (cell < 0 || cell >= row.width) return false
  const start = row.starts[cell] ?? 0
  const end = row.ends[cell] ?? 0
  if (end - start !== word.length) {
    return ((row.marks[cell] ?? 0) & CellMark.blank) !== 0 && readCell(row, cell).toLowerCase() === word
  }
  for (let at = 0; at < word.length; at++) {
    const byte = row.bytes[start + at] ?? 0
    const lower = byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte
    if (lower !== word.charCodeAt(at)) return false
  }
  return true
}

/** True for a cell without a value; white space alone is no value. */
export function isBlank(row: RowView, cell: number): boolean {
  if (cell < 0 || cell >= row.width) return true
  const end = row.ends[cell] ?? 0
  for (let at = row.starts[cell] ?? 0; at < end; at++) {
    const byte = row.bytes[at]
    if (byte !== space && byte !== tab) return readCell(row, cell) === ''
  }
  return true
}
