import { deriveSessionType, readDay, readNumber, SessionType } from '../../index/codes.ts'
import { IdState } from '../../index/id-table.ts'
import {
  checkSiblingOverlap,
  schoolYear,
  sessionInsideParent,
  sessionOrder,
  type SessionDates,
} from '../../rules/meaning/sessions.ts'
import type { FileCheck, FileRows } from '../file-rows.ts'
import { ParentLinks } from '../parent-links.ts'
import { buildFileCheck } from '../plain-file.ts'

/** academicSessions.csv: dates (S-04 to S-06), the tree of sessions, type and dates of each for others. */
export function createSessionsCheck(rows: FileRows): FileCheck {
  const { context } = rows
  const [typeCell, startCell, endCell] = [rows.cell('type'), rows.cell('startDate'), rows.cell('endDate')]
  const yearCell = rows.cell('schoolYear')
  const links = new ParentLinks(rows)
  const datesOf = (session: number): SessionDates => ({
    startDay: context.sessionStarts.get(session),
    endDay: context.sessionEnds.get(session),
  })

  function checkDates(): void {
    links.settle()
    if (!context.asks(sessionInsideParent)) return
    const siblings = new Map<string, number[]>()
    for (let session = 0; session < rows.table.size; session++) {
      const parent = links.parentOf(session)
      const bits = rows.table.bits(session) & (IdState.present | IdState.rejected | IdState.withdrawn)
      if (parent === undefined || bits !== IdState.present) continue
      const problem = sessionInsideParent.check(datesOf(session), datesOf(parent))
      if (problem !== undefined) rows.reportLate(sessionInsideParent, problem, session)
      const family = `${parent}/${context.sessionTypes.get(session)}`
      const members = siblings.get(family)
      if (members === undefined) siblings.set(family, [session])
      else members.push(session)
    }
    for (const members of siblings.values()) checkOverlaps(members)
  }

  function checkOverlaps(members: number[]): void {
    members.sort((one, other) => datesOf(one).startDay - datesOf(other).startDay)
    let latest: SessionDates | undefined
    for (const session of members) {
      const dates = datesOf(session)
      const problem = latest === undefined ? undefined : checkSiblingOverlap(latest, dates)
      if (problem !== undefined) rows.reportLate(sessionInsideParent, problem, session)
      if (latest === undefined || dates.endDay > latest.endDay) latest = dates
    }
  }

  return buildFileCheck(
    rows,
    [],
    (row) => {
      links.note(row)
      const dates = { startDay: readDay(row, startCell), endDay: readDay(row, endCell) }
      const type = typeCell < 0 || typeCell >= row.width ? SessionType.unknown : deriveSessionType(row.text(typeCell))
      context.sessionTypes.set(rows.ordinal, type)
      context.sessionStarts.set(rows.ordinal, dates.startDay)
      context.sessionEnds.set(rows.ordinal, dates.endDay)
      if (type === SessionType.schoolYear) {
        const year = readNumber(row, yearCell)
        const problem = schoolYear.check(Number.isNaN(year) ? 0 : year, dates.endDay)
        if (problem !== undefined) rows.report(schoolYear, problem, row, 'schoolYear')
      }
      const problem = sessionOrder.check(dates)
      return problem === undefined || !rows.report(sessionOrder, problem, row, 'endDate')
    },
    checkDates,
  )
}
