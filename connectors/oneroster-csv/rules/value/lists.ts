import type { CellRule, CheckedCell } from '../cell-rule.ts'
import { lesserProblem, problem } from '../../../../domain/import-rules/rule.ts'
import type { Problem } from '../../../../domain/import-rules/rule.ts'

/** Items as they stand. An id in `{type:id}` may hold a comma, so such items part only before the next brace. */
function rawItems({ value, place }: CheckedCell): string[] {
  if (value === '') return []
  return value.split(place.column?.type === 'pair' ? /,(?=\s*[{,]|\s*$)/ : ',')
}

/** F-09 */
function listHasNoEmptyItem(cell: CheckedCell): Problem | undefined {
  return rawItems(cell).some((item) => item.trim() === '')
    ? problem('The list has an empty item; it is dropped.')
    : undefined
}

/** F-10 */
function listHasNoBlanksRoundItems(cell: CheckedCell): Problem | undefined {
  if (!rawItems(cell).some((item) => item.trim() !== '' && item !== item.trim())) return undefined
  const message = 'Blanks stand round an item of the list; they are trimmed.'
  return cell.place.column?.type === 'guid' ? problem(message) : lesserProblem(message)
}

const pairForm = /^\{[^:{}]+:[^{}]+\}$/

function hasOnlyPairs(cell: CheckedCell): boolean {
  return rawItems(cell).every((item) => item.trim() === '' || pairForm.test(item.trim()))
}

/** F-11 */
function userIdsArePairs(cell: CheckedCell): Problem | undefined {
  return hasOnlyPairs(cell) ? undefined : problem('Write each item {type:id}; the value is kept as of unknown type.')
}

/** F-23 */
function scoreScaleValuesArePairs(cell: CheckedCell): Problem | undefined {
  return hasOnlyPairs(cell) ? undefined : problem('Write each item {left:right}, for example {A:94}.')
}

export const listRules: readonly CellRule[] = [
  {
    id: 'F-09',
    title: 'list has an empty item',
    severity: { strict: 'error', default: 'warning' },
    appliesTo: 'cell',
    concerns: ({ column }) => column?.isList === true,
    check: listHasNoEmptyItem,
  },
  {
    id: 'F-10',
    title: 'blanks round an item of a list',
    severity: { strict: 'error', default: 'warning' },
    lesserSeverity: { strict: 'warning', default: 'warning' },
    appliesTo: 'cell',
    concerns: ({ column }) => column?.isList === true,
    check: listHasNoBlanksRoundItems,
  },
  {
    id: 'F-11',
    title: 'item of userIds is not written {type:id}',
    severity: { strict: 'error', default: 'warning' },
    appliesTo: 'cell',
    concerns: ({ columnName, column }) => column?.type === 'pair' && columnName === 'userIds',
    check: userIdsArePairs,
  },
  {
    id: 'F-23',
    title: 'item of scoreScaleValue is not written {lhs:rhs}',
    severity: { strict: 'error', default: 'error' },
    appliesTo: 'cell',
    concerns: ({ columnName, column }) => column?.type === 'pair' && columnName === 'scoreScaleValue',
    check: scoreScaleValuesArePairs,
  },
]
