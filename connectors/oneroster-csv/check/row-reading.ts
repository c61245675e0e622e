import { CellMark } from '../../kit/csv/row-view.ts'
import { normalizeText } from '../../../domain/normalize-text.ts'
import type { RowView } from '../../kit/csv/row-view.ts'

const longestId = 255

/** The row's sourcedId for a finding; undefined when it has none. */
export function readId(row: RowView, idCell: number): string | undefined {
  if (idCell < 0) return undefined
  const id = normalizeText(row.text(idCell))
  return id === '' ? undefined : id.slice(0, longestId)
}

/** True for a line without any value, commas or not. */
export function isBlankLine(row: RowView): boolean {
  if (row.width === 1) return isBlankCell(row, 0)
  for (let cell = 0; cell < row.width; cell++) if (row.starts[cell] !== row.ends[cell]) return false
  return true
}

/** True when the cells from `from` on hold nothing but blanks. */
export function isSurplusBlank(row: RowView, from: number): boolean {
  for (let cell = from; cell < row.width; cell++) if (!isBlankCell(row, cell)) return false
  return true
}

function isBlankCell(row: RowView, cell: number): boolean {
  if (row.starts[cell] === row.ends[cell]) return true
  return ((row.marks[cell] ?? 0) & CellMark.blank) !== 0 && row.text(cell).trim() === ''
}
