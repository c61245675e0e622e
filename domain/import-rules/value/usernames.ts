import { Hash64 } from '../../hash64.ts'
import { CellMark } from '../row-view.ts'
import type { RowView } from '../row-view.ts'
import { cellText } from '../row-rule.ts'
import type { RowCheck, RowRule } from '../row-rule.ts'
import { problem } from '../rule.ts'
import { SeenTexts } from './seen-texts.ts'

const needsText = CellMark.blank | CellMark.nonAscii | CellMark.upperCase | CellMark.escapedQuote | CellMark.lineBreak

function isActive(row: RowView, enabled: number, status: number): boolean {
  // `false` in any case has five bytes, `true` four: a look at the length saves making text of every row.
  const width = enabled < 0 ? 0 : (row.ends[enabled] as number) - (row.starts[enabled] as number) // inside the arrays
  if (width >= 5 && cellText(row, enabled).toLowerCase() === 'false') return false
  if (status < 0 || row.starts[status] === row.ends[status]) return true
  return !/^(tobedeleted|inactive)$/i.test(cellText(row, status))
}

/** F-19: the second and later active users with one username, whatever its case. */
export function usernameIsUnique(): RowCheck {
  const seen = new SeenTexts()
  const hash = new Hash64()
  return (row, [status = -1, enabled = -1, username = -1]) => {
    if (username < 0 || row.starts[username] === row.ends[username] || !isActive(row, enabled, status)) return undefined
    hash.reset()
    // inside the arrays: the cell is one of the row's
    if (((row.marks[username] as number) & needsText) === 0) {
      hash.bytes(row.bytes, row.starts[username] as number, row.ends[username] as number)
    } else {
      const text = cellText(row, username).toLowerCase()
      if (text === '') return undefined
      hash.text(text)
    }
    if (seen.add(hash.finish())) return undefined
    return problem('Another active user has this username; most receivers want it unique whatever its case.')
  }
}

export const usernameRules: readonly RowRule[] = [
  {
    id: 'F-19',
    title: 'username unique among active users, ignoring case',
    severity: { strict: undefined, default: 'warning' },
    appliesTo: 'row',
    files: ['users'],
    columns: ['status', 'enabledUser', 'username'],
    createCheck: usernameIsUnique,
  },
]
