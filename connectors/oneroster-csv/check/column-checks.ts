import type { OwnCodes } from '../../connector.ts'
import { findOwnCodes } from '../../kit/one-roster/format/own-codes.ts'
import { buildCleanTest, uncheckedCell } from '../rules/clean/clean-cell.ts'
import type { CleanTest } from '../rules/clean/clean-cell.ts'
import type { CellPlace, CellRule } from '../rules/cell-rule.ts'
import { csvCellRules } from '../rules/csv/cell-rules.ts'
import { needsValue } from '../rules/header/read-header.ts'
import type { HeaderCell, HeaderReading } from '../rules/header/read-header.ts'
import type { FileWatch, RowRule } from '../rules/row-rule.ts'
import type { Spill } from '../../kit/keys/spill.ts'
import { valueCellRules, valueRowRules } from '../rules/value/value-rules.ts'

/** What is to be looked at in one column of a file. */
export type ColumnCheck = {
  readonly test: CleanTest
  /** True when a rule has something to say about an empty cell. */
  readonly mustBeFilled: boolean
  readonly place: CellPlace
  /** Asked one by one for cells that the test does not pass. */
  readonly rules: readonly CellRule[]
}

const cellRules = [...csvCellRules, ...valueCellRules]
const ruleOnLineBreaks = csvCellRules.filter(({ id }) => id === 'C-05')

/** The checks of each cell of a row, in the header's order. */
export function buildColumnChecks(header: HeaderReading, ownCodes?: OwnCodes): readonly ColumnCheck[] {
  return header.cells.map((cell) => buildColumnCheck(header, cell, ownCodes))
}

function buildColumnCheck(
  { file, mode, positions }: HeaderReading,
  cell: HeaderCell,
  ownCodes: OwnCodes | undefined,
): ColumnCheck {
  const columnName = cell.column?.name ?? cell.name.replace(/^metadata\./i, 'metadata.')
  const own = findOwnCodes(ownCodes, file.name, columnName)
  const place: CellPlace = {
    ...{ file: file.name, mode, version: file.version, columnName, column: cell.column },
    ...(own !== undefined && { ownCodes: own }),
  }
  // Unknown columns, and the second of two with one name, are not read.
  if (positions.get(columnName) !== cell.cell) {
    return { test: uncheckedCell, mustBeFilled: false, place, rules: ruleOnLineBreaks }
  }
  return {
    test: buildCleanTest(place),
    mustBeFilled: cell.column !== undefined && needsValue(cell.column, mode),
    place,
    rules: cellRules.filter((rule) => rule.concerns(place)),
  }
}

export type BoundRowRule = {
  readonly rule: RowRule
  readonly watch: FileWatch
  readonly cells: readonly number[]
  readonly column: string
}

/** The row rules of a file, each knowing where its columns are. */
export function bindRowRules({ file, mode, positions }: HeaderReading, spill: Spill): readonly BoundRowRule[] {
  return valueRowRules
    .filter((rule) => rule.files.includes(file.name))
    .map((rule) => ({
      rule,
      watch: rule.createWatch({ mode, version: file.version, spill }),
      cells: rule.columns.map((column) => positions.get(column) ?? -1),
      column: rule.columns.at(-1) ?? '',
    }))
}
