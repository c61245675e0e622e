import type { FileWatch, RowRule } from '../row-rule.ts'
import { problem } from '../../../../domain/import-rules/rule.ts'

/** F-22: told for the first row that has one. */
function noPasswords(): FileWatch {
  let isTold = false
  const row: FileWatch['row'] = (row, [password = -1]) => {
    if (isTold || password < 0 || row.starts[password] === row.ends[password]) return undefined
    isTold = true
    return problem('The file holds passwords; they are neither read nor kept. Leave the column blank.')
  }
  return { row }
}

export const passwordRules: readonly RowRule[] = [
  {
    id: 'F-22',
    title: 'password column is filled',
    severity: { strict: undefined, default: 'info' },
    appliesTo: 'file',
    files: ['users', 'userProfiles'],
    columns: ['password'],
    createWatch: noPasswords,
  },
]
