import { listValues } from '../cell-rule.ts'
import type { CellRule, CheckedCell } from '../cell-rule.ts'
import { problem } from '../rule.ts'
import type { Problem } from '../rule.ts'

/** F-01 */
export function requiredValueIsThere(cell: CheckedCell): Problem | undefined {
  return listValues(cell).length === 0 ? problem('A required value is blank.') : undefined
}

export const requiredValueRules: readonly CellRule[] = [
  {
    id: 'F-01',
    title: 'required value not blank',
    severity: { strict: 'error', default: 'error' },
    appliesTo: 'cell',
    concerns: ({ column }) => column?.isRequired === true,
    check: requiredValueIsThere,
  },
]
