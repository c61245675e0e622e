import type { CellPlace, CellRule, CheckedCell } from '../cell-rule.ts'
import { problem } from '../../../../domain/import-rules/rule.ts'
import type { Problem } from '../../../../domain/import-rules/rule.ts'

const nameColumns = new Set([
  ...['name', 'title', 'givenName', 'familyName', 'middleName'],
  ...['preferredGivenName', 'preferredMiddleName', 'preferredFamilyName'],
])

export function isNameColumn({ columnName, column }: CellPlace): boolean {
  return column !== undefined && nameColumns.has(columnName)
}

/** F-25 */
function nameHasNoRefusedCharacter({ value }: CheckedCell): Problem | undefined {
  return /[/\\<>]/.test(value) ? problem('Some receivers refuse names that hold / \\ < or >') : undefined
}

export const nameRules: readonly CellRule[] = [
  {
    id: 'F-25',
    title: 'name with characters that some receivers refuse',
    severity: { strict: undefined, default: 'info' },
    appliesTo: 'cell',
    concerns: isNameColumn,
    check: nameHasNoRefusedCharacter,
  },
]
