import { grades, statuses } from '../../../kit/one-roster/format/vocabularies.ts'
import { listValues } from '../cell-rule.ts'
import { quoteWord } from '../quote-word.ts'
import type { CellRule, CheckedCell } from '../cell-rule.ts'
import { lesserProblem, problem } from '../../../../domain/import-rules/rule.ts'
import type { Problem } from '../../../../domain/import-rules/rule.ts'

/** Columns that say what a record is, not what a person is: a misspelt word in them may be quoted. */
const quotable = new Set(['role', 'roles', 'roleType', 'type', 'classType', 'status', 'scoreStatus', 'importance'])

function showWord(columnName: string, word: string, known: readonly string[]): string {
  return (quotable.has(columnName) ? quoteWord(word, known) : undefined) ?? 'The value'
}

/** F-06 */
function boolIsTrueOrFalse({ value, place }: CheckedCell): Problem | undefined {
  if (value === '' || place.ownCodes?.has(value) === true || value === 'true' || value === 'false') return undefined
  return /^(true|false)$/i.test(value)
    ? lesserProblem('Write true and false in lower case.')
    : problem('The value is neither true nor false.')
}

/** F-07 */
function wordIsInVocabulary(cell: CheckedCell): Problem | undefined {
  const { column, columnName, ownCodes } = cell.place
  const allowed = column?.values ?? []
  const bad = listValues(cell).filter(
    (word) =>
      !allowed.includes(word) &&
      ownCodes?.has(word) !== true &&
      !(column?.isExtensible === true && /^ext:\S+$/.test(word)),
  )
  if (bad.length === 0) return undefined
  const lowerCase = new Set(allowed.map((word) => word.toLowerCase()))
  const unknown = bad.find((word) => !lowerCase.has(word.toLowerCase()))
  if (unknown === undefined) return lesserProblem(`Write exactly as here: ${allowed.join(', ')}`)
  return problem(`${showWord(columnName, unknown, allowed)} is not one of: ${allowed.join(', ')}`)
}

/** F-12 */
function gradeIsInVocabulary(cell: CheckedCell): Problem | undefined {
  const { ownCodes } = cell.place
  const bad = listValues(cell).filter((grade) => !grades.includes(grade) && ownCodes?.has(grade) !== true)
  if (bad.length === 0) return undefined
  return bad.every((grade) => /^[1-9]$/.test(grade))
    ? problem('A grade of one digit has lost its zero, usually in a spreadsheet; it is read with it. Write 09, not 9.')
    : problem(`A grade is not one of: ${grades.join(', ')}`)
}

/** With those that some systems write. */
const knownStatuses = [...statuses, 'inactive', 'deleted']

/** F-15 */
function statusIsKnown({ value }: CheckedCell): Problem | undefined {
  if (value === '' || statuses.some((status) => status === value)) return undefined
  const word = value.toLowerCase()
  if (word === 'inactive') return lesserProblem('"inactive" is read as tobedeleted, which is what to write.')
  if (statuses.some((status) => status === word)) return lesserProblem('Write active and tobedeleted in lower case.')
  return problem(`${showWord('status', value, knownStatuses)} is neither active nor tobedeleted.`)
}

const errorOrWarning = { strict: 'error', default: 'warning' } as const
const error = { strict: 'error', default: 'error' } as const

export const tokenRules: readonly CellRule[] = [
  {
    id: 'F-06',
    title: 'value is neither true nor false',
    severity: error,
    lesserSeverity: errorOrWarning,
    appliesTo: 'cell',
    concerns: ({ column }) => column?.type === 'bool',
    check: boolIsTrueOrFalse,
  },
  {
    id: 'F-07',
    title: 'value is not in the list of the standard, nor ext: in 1.2',
    severity: error,
    lesserSeverity: errorOrWarning,
    appliesTo: 'cell',
    concerns: ({ column }) => column?.type === 'enum' && column.name !== 'status',
    check: wordIsInVocabulary,
  },
  {
    id: 'F-12',
    title: 'grade is not in the vocabulary',
    severity: { strict: 'warning', default: 'warning' },
    appliesTo: 'cell',
    concerns: ({ column }) => column?.type === 'grade',
    check: gradeIsInVocabulary,
  },
  {
    id: 'F-15',
    title: 'status is neither active nor tobedeleted',
    severity: error,
    lesserSeverity: errorOrWarning,
    appliesTo: 'cell',
    concerns: ({ columnName }) => columnName === 'status',
    check: statusIsKnown,
  },
]
