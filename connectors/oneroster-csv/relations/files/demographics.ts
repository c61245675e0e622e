import { readDay, RoleBit } from '../../index/codes.ts'
import { IdState } from '../../index/id-table.ts'
import { birthDate, demographicsUser } from '../../rules/meaning/users.ts'
import { targetFile, targetStays } from '../../rules/reference/targets.ts'
import type { RowView } from '../../../kit/csv/row-view.ts'
import type { FileCheck, FileRows } from '../file-rows.ts'
import { buildFileCheck } from '../plain-file.ts'
import { deriveResolution, deriveTargetState } from '../reference-column.ts'

/** demographics.csv: its `sourcedId` is the user's, so S-19 stands where R-05 stands elsewhere; and S-25. */
export function createDemographicsCheck(rows: FileRows): FileCheck {
  const { context } = rows
  const users = context.table('users')
  const resolution = deriveResolution(rows, 'users')
  const birthCell = rows.cell('birthDate')
  const asksForBirthDates = context.asks(birthDate)

  /** S-19 and its like; whether the row stays. */
  function checkUser(row: RowView, user: number): boolean {
    if (resolution === 'absent') {
      const problem = targetFile.check(false, 'sourcedId', 'users', true)
      return problem === undefined || rows.reportTargetFile(problem, row, 'sourcedId')
    }
    const bits = user < 0 ? 0 : users.bits(user)
    const problem = resolution === 'open' ? undefined : demographicsUser.check(deriveTargetState(bits))
    if (problem !== undefined) return !rows.report(demographicsUser, problem, row, 'sourcedId')
    const leaving = targetStays.check((bits & IdState.withdrawn) !== 0, 'users')
    if (leaving !== undefined) rows.report(targetStays, leaving, row, 'sourcedId')
    return true
  }

  return buildFileCheck(rows, [], (row) => {
    // The file has no references, so the hash is still that of the row's own id.
    const user = users.find(context.hash)
    const isKept = checkUser(row, user)
    if (!asksForBirthDates) return isKept
    const isStudent = (context.rolesOfUser(user) & RoleBit.student) !== 0
    const problem = birthDate.check(readDay(row, birthCell), context.today, isStudent)
    if (problem !== undefined) rows.report(birthDate, problem, row, 'birthDate')
    return isKept
  })
}
