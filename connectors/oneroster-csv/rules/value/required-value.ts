import { listValues } from '../cell-rule.ts'
import type { CellRule, CheckedCell } from '../cell-rule.ts'
import { lesserProblem, problem } from '../../../../domain/import-rules/rule.ts'
import type { Problem } from '../../../../domain/import-rules/rule.ts'

/**
 * F-01. Many senders leave `enabledUser` blank for everybody; a blank counts as `true`, with a finding,
 * so it costs nobody the row.
 */
function requiredValueIsThere(cell: CheckedCell): Problem | undefined {
  if (listValues(cell).length > 0) return undefined
  if (cell.place.columnName === 'enabledUser')
    return lesserProblem('The value is blank, which counts as true; fill it.')
  return problem('A required value is blank.')
}

export const requiredValueRules: readonly CellRule[] = [
  {
    id: 'F-01',
    title: 'required value is blank',
    severity: { strict: 'error', default: 'error' },
    lesserSeverity: { strict: 'error', default: 'warning' },
    appliesTo: 'cell',
    concerns: ({ column }) => column?.isRequired === true,
    check: requiredValueIsThere,
  },
]
