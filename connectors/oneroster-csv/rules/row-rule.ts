import type { Spill } from '../../kit/keys/spill.ts'
import type { FileMode, OneRosterVersion } from '../../kit/one-roster/format/column.ts'
import type { RowView } from '../../kit/csv/row-view.ts'
import type { Problem, RuleEntry } from '../../../domain/import-rules/rule.ts'

export type RowPlace = { readonly mode: FileMode; readonly version: OneRosterVersion }

/** What a watch is made for, and where it may put down what does not fit into memory. */
export type WatchPlace = RowPlace & { readonly spill?: Spill | undefined }

/** `cells` are the places of the rule's columns in the row, in the rule's order; -1 for a column that is missing. */
export type RowCheck = (row: RowView, cells: readonly number[]) => Problem | undefined

/** The check of one file; it may remember earlier rows. */
export type FileWatch = {
  readonly row: RowCheck
  /** What is known only when all rows went by, in any order. Never rejects a row. */
  readonly end?: () => readonly { readonly line: number; readonly problem: Problem }[]
}

/** A rule on several cells of a row. */
export type RowRule = RuleEntry & {
  readonly files: readonly string[]
  /** The columns looked at; a finding names the last one. */
  readonly columns: readonly string[]
  /** Asked once a file. */
  readonly createWatch: (place: WatchPlace) => FileWatch
}

/** The text of a cell that may be missing, trimmed. */
export function cellText(row: RowView, cell: number): string {
  return cell < 0 || cell >= row.width ? '' : row.text(cell).trim()
}
