import { splitItems } from '../cell-rule.ts'
import { CellMark } from '../../../kit/csv/row-view.ts'
import type { RowView } from '../../../kit/csv/row-view.ts'
import { cellText } from '../row-rule.ts'
import type { FileWatch, RowPlace, RowRule } from '../row-rule.ts'
import { lesserProblem, problem } from '../../../../domain/import-rules/rule.ts'

function countItems(row: RowView, cell: number): number {
  if (cell < 0 || row.starts[cell] === row.ends[cell]) return 0
  // inside the array: the cell is one of the row's
  if (((row.marks[cell] as number) & (CellMark.comma | CellMark.blank)) === 0) return 1
  return splitItems(cellText(row, cell)).filter((item) => item !== '').length
}

/** F-16. In 1.1 one of the two columns alone is common, and only reported. */
function subjectsMatchCodes({ version }: RowPlace): FileWatch {
  const row: FileWatch['row'] = (row, [subjects = -1, codes = -1]) => {
    const subjectCount = countItems(row, subjects)
    const codeCount = countItems(row, codes)
    if (subjectCount === codeCount) return undefined
    if (subjectCount > 0 && codeCount > 0) {
      return problem(`${subjectCount} subjects and ${codeCount} codes: they pair by position and must be as many.`)
    }
    const message = 'Subjects and subjectCodes pair by position, but only one of them is filled.'
    return version === '1.2' ? problem(message) : lesserProblem(message)
  }
  return { row }
}

export const subjectRules: readonly RowRule[] = [
  {
    id: 'F-16',
    title: 'subjects and subjectCodes differ in length',
    severity: { strict: 'error', default: 'warning' },
    lesserSeverity: { strict: 'warning', default: 'warning' },
    appliesTo: 'row',
    files: ['courses', 'classes'],
    columns: ['subjects', 'subjectCodes'],
    createWatch: subjectsMatchCodes,
  },
]
