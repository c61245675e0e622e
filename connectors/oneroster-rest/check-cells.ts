import { controlCharacter } from '../../domain/control-characters.ts'
import type { Severity } from '../../domain/import-rules/finding.ts'
import { isCalendarDay } from '../../domain/mapping/field-value.ts'
import type { Column } from '../kit/one-roster/format/column.ts'
import { grades, statuses } from '../kit/one-roster/format/vocabularies.ts'
import { hasBrokenReference } from './row-of-object.ts'

export type CellProblem = { readonly rule: string; readonly severity: Severity; readonly message: string }

/** C-10: what no text should hold. The value is taken without U+0000, and whole. */
export function findTextProblem(cell: string): CellProblem | undefined {
  return controlCharacter.test(cell) || cell.includes('\ufffd') || !cell.isWellFormed()
    ? warning(
        'C-10',
        'The value holds a control character or a character lost in an earlier conversion. Correct it at the source.',
      )
    : undefined
}

/**
 * What is wrong with a value, under the ids that the same has in a package (docs/reference/rules.md) and as the default
 * profile judges it. An error costs the record. `own`: words of the source's own that a mapping knows.
 */
export function findCellProblem(column: Column, cell: string, own?: ReadonlySet<string>): CellProblem | undefined {
  if (hasBrokenReference(column, cell)) {
    const message = 'A reference has no sourcedId.'
    return { rule: 'F-02', severity: column.isRequired ? 'error' : 'warning', message }
  }
  if (cell === '') {
    if (!column.isRequired) return undefined
    if (column.name !== 'enabledUser') return error('F-01', 'A required value is blank.')
    return warning('F-01', 'The value is blank, which counts as true; fill it.')
  }
  if (column.name === 'status') {
    const isKnown = [...statuses, 'inactive'].includes(cell.toLowerCase())
    return isKnown ? undefined : error('F-15', 'The status is neither active nor tobedeleted.')
  }
  const items = (column.isList ? cell.split(',') : [cell]).filter((item) => own?.has(item) !== true)
  if (items.length === 0) return undefined
  switch (column.type) {
    case 'date':
      return isCalendarDay(cell) ? undefined : error('F-03', 'A date must be a real day written YYYY-MM-DD.')
    case 'year':
      return /^\d{4}(\s*[-/]\s*\d{4})?$/.test(cell)
        ? undefined
        : warning('F-05', 'A school year must be written YYYY, the year in which it ends.')
    case 'bool':
      return /^(true|false)$/i.test(cell) ? undefined : error('F-06', 'The value is neither true nor false.')
    case 'enum': {
      const allowed = column.values ?? []
      return items.every((item) => isWordOf(item, allowed) || (column.isExtensible && /^ext:\S+$/.test(item)))
        ? undefined
        : error('F-07', `The value is not one of: ${allowed.join(', ')}`)
    }
    case 'integer':
      return /^[+-]?\d+$/.test(cell) ? undefined : error('F-08', 'The value is no integer.')
    case 'float':
      return Number.isFinite(Number(cell)) ? undefined : error('F-08', 'The value is no number.')
    case 'grade':
      return items.every((item) => grades.includes(item.padStart(2, '0')) || grades.includes(item))
        ? undefined
        : warning('F-12', `A grade is not one of: ${grades.join(', ')}`)
    case 'guid':
    case 'dateTime':
    case 'pair':
    case 'string':
      return undefined
  }
}

function isWordOf(word: string, allowed: readonly string[]): boolean {
  return allowed.includes(word) || allowed.some((one) => one.toLowerCase() === word.toLowerCase())
}

function error(rule: string, message: string): CellProblem {
  return { rule, severity: 'error', message }
}

function warning(rule: string, message: string): CellProblem {
  return { rule, severity: 'warning', message }
}
