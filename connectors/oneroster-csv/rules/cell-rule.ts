import type { Column, FileMode, OneRosterVersion } from '../../kit/one-roster/format/column.ts'
import { normalizeText, trimText } from '../../../domain/normalize-text.ts'
import type { Problem, Rule } from '../../../domain/import-rules/rule.ts'

/** Where a cell stands: what is the same for all cells of a column. */
export type CellPlace = {
  /** Name of the file, `users`. */
  readonly file: string
  readonly mode: FileMode
  readonly version: OneRosterVersion
  /** As the format spells it; for a metadata column as the header does. */
  readonly columnName: string
  /** Undefined for a metadata column. */
  readonly column: Column | undefined
  /** Words of the source's own that a mapping knows: rules on lists of the standard's take them as well. */
  readonly ownCodes?: ReadonlySet<string>
}

/** A cell under suspicion. */
export type CheckedCell = {
  readonly place: CellPlace
  /** As it stands in the file. */
  readonly raw: string
  /** Normalized (domain/normalize-text.ts): what the rules on values look at. */
  readonly value: string
}

/**
 * A rule on one cell at a time. `concerns` is asked once a column; `check` only for cells that the quick look
 * (clean-cell.ts) did not pass.
 */
export type CellRule = Rule<(cell: CheckedCell) => Problem | undefined> & {
  readonly concerns: (place: CellPlace) => boolean
}

export function buildCheckedCell(place: CellPlace, raw: string): CheckedCell {
  return { place, raw, value: normalizeText(raw) }
}

/** The items of a list, blanks round them gone, empty ones kept; a blank list has none. */
export function splitItems(value: string): string[] {
  return value === '' ? [] : value.split(',').map(trimText)
}

/** The values of a cell: the items that are not empty, or the one value if there is one. */
export function listValues(cell: CheckedCell): string[] {
  if (cell.place.column?.isList === true) return splitItems(cell.value).filter((item) => item !== '')
  return cell.value === '' ? [] : [cell.value]
}
