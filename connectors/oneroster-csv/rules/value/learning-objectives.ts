import { cellText } from '../row-rule.ts'
import type { FileWatch, RowRule } from '../row-rule.ts'
import { problem } from '../../../../domain/import-rules/rule.ts'

/** F-24 */
function objectiveIdIsUrn(): FileWatch {
  const row: FileWatch['row'] = (row, [source = -1, id = -1]) => {
    if (cellText(row, source).toLowerCase() !== 'case') return undefined
    const value = cellText(row, id)
    if (value === '' || /^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) return undefined
    return problem('With the source "case" the id must be written urn:uuid: and a UUID.')
  }
  return { row }
}

export const learningObjectiveRules: readonly RowRule[] = [
  {
    id: 'F-24',
    title: 'learningObjectiveId is not urn:uuid: although source is case',
    severity: { strict: 'error', default: 'warning' },
    appliesTo: 'row',
    files: ['lineItemLearningObjectiveIds', 'resultLearningObjectiveIds'],
    columns: ['source', 'learningObjectiveId'],
    createWatch: objectiveIdIsUrn,
  },
]
