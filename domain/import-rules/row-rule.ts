import type { FileMode, OneRosterVersion } from '../one-roster/column.ts'
import type { RowView } from './row-view.ts'
import type { Problem, RuleEntry } from './rule.ts'

export type RowPlace = { readonly mode: FileMode; readonly version: OneRosterVersion }

/** `cells` are the places of the rule's columns in the row, in the rule's order; -1 for a column that is missing. */
export type RowCheck = (row: RowView, cells: readonly number[]) => Problem | undefined

/** A rule on several cells of a row. Its check is made once a file, because it may remember earlier rows. */
export type RowRule = RuleEntry & {
  readonly files: readonly string[]
  /** The columns looked at; a finding names the last one. */
  readonly columns: readonly string[]
  readonly createCheck: (place: RowPlace) => RowCheck
}

/** The text of a cell that may be missing, trimmed. */
export function cellText(row: RowView, cell: number): string {
  return cell < 0 || cell >= row.width ? '' : row.text(cell).trim()
}
