import type { CellPlace, CellRule, CheckedCell } from '../cell-rule.ts'
import { problem } from '../../../../domain/import-rules/rule.ts'
import type { Problem } from '../../../../domain/import-rules/rule.ts'

function isLifeCycle({ columnName }: CellPlace): boolean {
  return columnName === 'status' || columnName === 'dateLastModified'
}

/** F-13 */
function lifeCycleIsBlankInBulk({ value, place }: CheckedCell): Problem | undefined {
  if (value === '') return undefined
  const isWithdrawal = place.columnName === 'status' && /^(tobedeleted|inactive)$/i.test(value)
  return isWithdrawal
    ? problem('Must be blank in a bulk file; the record is taken as absent from it.')
    : problem('Must be blank in a bulk file; the value is ignored.')
}

/** F-14 */
function lifeCycleIsFilledInDelta({ value }: CheckedCell): Problem | undefined {
  return value === '' ? problem('Must be filled in a delta file.') : undefined
}

export const lifeCycleRules: readonly CellRule[] = [
  {
    id: 'F-13',
    title: 'status or dateLastModified is filled in a bulk file',
    severity: { strict: 'error', default: 'warning' },
    appliesTo: 'cell',
    concerns: (place) => isLifeCycle(place) && place.mode === 'bulk',
    check: lifeCycleIsBlankInBulk,
  },
  {
    id: 'F-14',
    title: 'status or dateLastModified is blank in a delta file',
    severity: { strict: 'error', default: 'error' },
    appliesTo: 'cell',
    concerns: (place) => isLifeCycle(place) && place.mode === 'delta',
    check: lifeCycleIsFilledInDelta,
  },
]
