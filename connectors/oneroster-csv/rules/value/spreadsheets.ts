import type { CellPlace, CellRule, CheckedCell } from '../cell-rule.ts'
import { problem } from '../../../../domain/import-rules/rule.ts'
import type { Problem } from '../../../../domain/import-rules/rule.ts'
import { isPhoneColumn } from './contacts.ts'

function isNumber({ column }: CellPlace): boolean {
  return column?.type === 'integer' || column?.type === 'float'
}

const spreadsheetError = /^#(N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NUM!|NULL!|#+)$/

/** F-20 */
function isNotDamagedBySpreadsheet({ value, place }: CheckedCell): Problem | undefined {
  if (/^-?\d(\.\d+)?E\+\d+$/.test(value)) {
    return problem('Looks like a long number shortened by a spreadsheet; its last digits are lost.')
  }
  if (spreadsheetError.test(value)) return problem('Looks like the error of a spreadsheet formula.')
  if (place.column?.type === 'date' && /^\d{5}$/.test(value)) {
    return problem('Looks like a date that a spreadsheet has turned into a number.')
  }
  return undefined
}

/** F-21 */
function isNoFormula({ value }: CheckedCell): Problem | undefined {
  return /^[=+\-@]/.test(value) && !/^[+-]\d+(\.\d+)?$/.test(value)
    ? problem('A spreadsheet would take this value for a formula.')
    : undefined
}

export const spreadsheetRules: readonly CellRule[] = [
  {
    id: 'F-20',
    title: 'value looks damaged by a spreadsheet',
    severity: { strict: undefined, default: 'warning' },
    appliesTo: 'cell',
    concerns: (place) => !isNumber(place) && place.columnName !== 'password',
    check: isNotDamagedBySpreadsheet,
  },
  {
    id: 'F-21',
    title: 'value begins like a formula',
    severity: { strict: undefined, default: 'info' },
    appliesTo: 'cell',
    concerns: (place) =>
      (place.column === undefined || place.column.type === 'string') &&
      !isPhoneColumn(place) &&
      place.columnName !== 'password',
    check: isNoFormula,
  },
]
