import type { CellRule, CheckedCell } from '../cell-rule.ts'
import { problem } from '../../../../domain/import-rules/rule.ts'
import type { Problem } from '../../../../domain/import-rules/rule.ts'

const integerForm = /^[+-]?\d+$/
const floatForm = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/

/** F-08 */
function numberHasForm({ value, place }: CheckedCell): Problem | undefined {
  if (value === '') return undefined
  const isInteger = place.column?.type === 'integer'
  if ((isInteger ? integerForm : floatForm).test(value) && Number.isFinite(Number(value))) return undefined
  return problem(
    isInteger
      ? 'the value is not a whole number.'
      : 'the value is not a number; write a point for decimals and no separators for thousands.',
  )
}

export const numberRules: readonly CellRule[] = [
  {
    id: 'F-08',
    title: 'value is no integer, or no number',
    severity: { strict: 'error', default: 'error' },
    appliesTo: 'cell',
    concerns: ({ column }) => column?.type === 'integer' || column?.type === 'float',
    check: numberHasForm,
  },
]
