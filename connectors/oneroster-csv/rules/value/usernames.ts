import { CellHash } from '../../../kit/one-roster/rows/cell-hash.ts'
import { RepeatFinder } from '../../../kit/keys/repeat-finder.ts'
import type { RowView } from '../../../kit/csv/row-view.ts'
import { cellText } from '../row-rule.ts'
import type { FileWatch, RowRule, WatchPlace } from '../row-rule.ts'
import { problem } from '../../../../domain/import-rules/rule.ts'
import type { Problem } from '../../../../domain/import-rules/rule.ts'

function isActive(row: RowView, enabled: number, status: number): boolean {
  // `false` in any case has five bytes, `true` four: a look at the length saves making text of every row.
  const width = enabled < 0 ? 0 : (row.ends[enabled] as number) - (row.starts[enabled] as number) // inside the arrays
  if (width >= 5 && cellText(row, enabled).toLowerCase() === 'false') return false
  if (status < 0 || row.starts[status] === row.ends[status]) return true
  return !/^(tobedeleted|inactive)$/i.test(cellText(row, status))
}

/** F-19: the second and later active users with one username, whatever the case of its letters a to z. */
function usernameIsUnique({ spill }: Pick<WatchPlace, 'spill'>): FileWatch {
  const hash = new CellHash()
  const seen = new RepeatFinder(spill)
  return {
    row(row, [status = -1, enabled = -1, username = -1]) {
      if (isActive(row, enabled, status) && hash.cell(row, username)) seen.add(hash.hi, hash.foldedLo, row.line)
      return undefined
    },
    end() {
      const repeated: { line: number; problem: Problem }[] = []
      seen.settle((line) => {
        repeated.push({ line, problem: repeatedUsername })
      })
      return repeated
    },
  }
}

const repeatedUsername = problem(
  'Another active user has this username; most receivers want it unique whatever its case.',
)

export const usernameRules: readonly RowRule[] = [
  {
    id: 'F-19',
    title: 'username of several active users (ignoring case)',
    severity: { strict: undefined, default: 'warning' },
    appliesTo: 'row',
    files: ['users'],
    columns: ['status', 'enabledUser', 'username'],
    createWatch: usernameIsUnique,
  },
]
