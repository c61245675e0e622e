import type { CellRule, CheckedCell } from '../cell-rule.ts'
import { lesserProblem, problem } from '../../../../domain/import-rules/rule.ts'
import type { Problem } from '../../../../domain/import-rules/rule.ts'
import { isExactInstant, isIsoDate, isIsoInstant } from './calendar.ts'

/** F-03. Never guesses between day and month. */
function dateHasForm({ value }: CheckedCell): Problem | undefined {
  if (value === '' || isIsoDate(value)) return undefined
  return problem('A date must be a real day written YYYY-MM-DD.')
}

/** F-04 */
function instantHasForm({ value, place }: CheckedCell): Problem | undefined {
  if (value === '' || isExactInstant(value)) return undefined
  if (place.mode === 'bulk') return lesserProblem('Not an instant YYYY-MM-DDTHH:MM:SS.sssZ; it is ignored in bulk.')
  if (isIsoInstant(value))
    return lesserProblem('An instant must be written YYYY-MM-DDTHH:MM:SS.sssZ; it is understood.')
  return problem('An instant must be written YYYY-MM-DDTHH:MM:SS.sssZ.')
}

/** F-05 */
function yearHasForm({ value }: CheckedCell): Problem | undefined {
  if (value === '' || /^\d{4}$/.test(value)) return undefined
  if (/^\d{4}\s*[-/]\s*\d{4}$/.test(value)) return problem('A school year is one year, YYYY; the second one is taken.')
  return problem('A school year must be written YYYY, the year in which it ends.')
}

export const dateRules: readonly CellRule[] = [
  {
    id: 'F-03',
    title: 'value is no real day written YYYY-MM-DD',
    severity: { strict: 'error', default: 'error' },
    appliesTo: 'cell',
    concerns: ({ column }) => column?.type === 'date',
    check: dateHasForm,
  },
  {
    id: 'F-04',
    title: 'value is no dateTime',
    severity: { strict: 'error', default: 'error' },
    lesserSeverity: { strict: 'error', default: 'warning' },
    appliesTo: 'cell',
    concerns: ({ column }) => column?.type === 'dateTime',
    check: instantHasForm,
  },
  {
    id: 'F-05',
    title: 'value is no year written YYYY',
    severity: { strict: 'error', default: 'warning' },
    appliesTo: 'cell',
    concerns: ({ column }) => column?.type === 'year',
    check: yearHasForm,
  },
]
