import { listValues } from '../cell-rule.ts'
import type { CellRule, CheckedCell } from '../cell-rule.ts'
import { lesserProblem, problem } from '../../../../domain/import-rules/rule.ts'
import type { Problem } from '../../../../domain/import-rules/rule.ts'

export const maxGuidLength = 255
/** Longest id that every receiver known to us takes. */
export const maxPortableIdLength = 100

const guidForm = /^[0-9A-Za-z.\-_/@]+$/
const controlCharacter = /[\u0000-\u001f\u007f-\u009f]/

/** F-02 */
function guidHasForm(cell: CheckedCell): Problem | undefined {
  const bad = listValues(cell).filter((id) => !guidForm.test(id) || id.length > maxGuidLength)
  if (bad.length === 0) return undefined
  if (bad.some((id) => id.length > maxGuidLength)) return problem('An id is longer than 255 characters.')
  if (bad.some((id) => controlCharacter.test(id))) return problem('An id holds a control character.')
  return lesserProblem('An id may hold only letters a-z and A-Z, digits and . - _ / @')
}

/** F-26 */
function idIsPortable(cell: CheckedCell): Problem | undefined {
  const { value } = cell
  if (value === '' || !guidForm.test(value) || value.length > maxGuidLength) return undefined
  if (value.length > maxPortableIdLength) return problem('Some receivers refuse ids longer than 100 characters.')
  return /[/@]/.test(value) ? problem('Some receivers refuse ids that hold / or @') : undefined
}

export const guidRules: readonly CellRule[] = [
  {
    id: 'F-02',
    title: 'value is no GUID',
    severity: { strict: 'error', default: 'error' },
    lesserSeverity: { strict: 'error', default: 'warning' },
    appliesTo: 'cell',
    concerns: ({ column }) => column?.type === 'guid',
    check: guidHasForm,
  },
  {
    id: 'F-26',
    title: 'sourcedId of more than 100 characters, or with others than letters, digits and - _ .',
    severity: { strict: undefined, default: 'info' },
    appliesTo: 'cell',
    concerns: ({ columnName }) => columnName === 'sourcedId',
    check: idIsPortable,
  },
]
