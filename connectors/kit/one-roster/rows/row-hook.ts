import type { RowView } from '../../csv/row-view.ts'
import type { FileMode } from '../format/column.ts'

/** One record that came in several rows. The rows are valid as long as they are wanted. */
export type MergedRecord = {
  /** The row that was handed on when it came, on its line, and whether it was accepted. */
  readonly first: RowView
  readonly isFirstAccepted: boolean
  /** Stands for all accepted rows; on the line of the last of them. Lists begin with the items of the first. */
  readonly merged: RowView
  /** The same with the items of each list in one order, whatever the order of the rows: what digests are made of. */
  readonly canonical: RowView
}

/**
 * Sees every data row of a package once, in reading order, after all rules of that row ran. Blank lines are no rows, and
 * a row that only repeats another is not shown again.
 *
 * Text is normalized in it (domain/normalize-text.ts), but for ASCII blanks at the ends of values. Other values that "go
 * on repaired" (a warning said so) are not rewritten, because that would cost every clean row. Whoever takes a value
 * out of it passes it through `repairValue` (connectors/kit/one-roster/format/repair-value.ts), or trims it where that is all it needs.
 * A row always has as many cells as the header: surplus ones are dropped, missing ones blank.
 */
export interface RowHook {
  /**
   * `fileName` without `.csv`. `positions`: column → cell index, standard columns as the format spells them,
   * metadata columns as `metadata.<name>`; columns that are missing or that the format does not know are not in it.
   */
  beginFile(fileName: string, mode: FileMode, positions: ReadonlyMap<string, number>): void
  /**
   * The columns whose digest `row` would compute for every row of the file, so that a scan ahead can begin it
   * (`RowView.ahead`); undefined when it computes none.
   */
  digestColumns?(fileName: string): readonly string[] | undefined
  /**
   * Called for a million rows: no allocation here. The row is valid only until this returns. `isMisshapen`: it came with
   * another number of cells, so that all but the first may stand in the wrong columns.
   */
  row(row: RowView, isAccepted: boolean, isMisshapen?: boolean): void
  endFile(): void
  /**
   * A record that came in several rows of the file, before `endFile`. The first was handed out when it came, and the
   * others, where they were accepted, are not: `merged` stands for all of them. Absent where rows are only counted.
   */
  merge?(record: MergedRecord): void
  /** A row handed out as accepted is rejected after all; later rows or files proved it wrong. */
  retract(fileName: string, sourcedId: string, line: number): void
}
