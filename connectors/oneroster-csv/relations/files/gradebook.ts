import type { SessionType } from '../../index/codes.ts'
import { readNumber } from '../../index/codes.ts'
import { PairKey } from '../../index/pair-key.ts'
import {
  checkResultClass,
  checkResultStudent,
  checkScore,
  lineItemSession,
  scoreRange,
} from '../../rules/meaning/gradebook.ts'
import type { RowView } from '../../../kit/csv/row-view.ts'
import type { Problem } from '../../../../domain/import-rules/rule.ts'
import { checkSchoolOf } from './courses-and-classes.ts'
import type { FileCheck, FileRows } from '../file-rows.ts'
import { buildFileCheck, buildReferences } from '../plain-file.ts'

/** lineItems.csv: S-02, S-21 and S-22 beside its references, and range and class of each for the results. */
export function createLineItemsCheck(rows: FileRows): FileCheck {
  const { context } = rows
  const references = buildReferences(rows)
  const sessionColumn = context.version === '1.1' ? 'gradingPeriodSourcedId' : 'academicSessionSourcedId'
  const session = references.get(sessionColumn)
  const school = references.get('schoolSourcedId')
  const rosterClass = references.get('classSourcedId')
  const [minCell, maxCell] = [rows.cell('resultValueMin'), rows.cell('resultValueMax')]

  return buildFileCheck(rows, references.values(), (row, isUsable) => {
    let isKept = checkSchoolOf(rows, row, school)
    const [min, max] = [readNumber(row, minCell), readNumber(row, maxCell)]
    const range = scoreRange.check(min, max)
    if (range !== undefined && rows.report(scoreRange, range, row, 'resultValueMin')) isKept = false
    if (session !== undefined && session.ordinal >= 0) {
      // as: only values of SessionType are written there.
      const problem = lineItemSession.check(context.sessionTypes.get(session.ordinal) as SessionType)
      if (problem !== undefined && rows.report(lineItemSession, problem, row, sessionColumn)) isKept = false
    }
    if (isUsable && isKept) {
      context.lineItemClasses.set(rows.ordinal, rosterClass?.ordinal ?? -1)
      // Bounds in the wrong order hold for no score at all; S-21 has spoken of the line item itself.
      if (range === undefined && !Number.isNaN(min)) context.lineItemMins.set(rows.ordinal, min)
      if (range === undefined && !Number.isNaN(max)) context.lineItemMaxes.set(rows.ordinal, max)
    }
    return isKept
  })
}

/** results.csv: S-21 beside its references. */
export function createResultsCheck(rows: FileRows): FileCheck {
  const { context } = rows
  const references = buildReferences(rows)
  const lineItem = references.get('lineItemSourcedId')
  const student = references.get('studentSourcedId')
  const rosterClass = references.get('classSourcedId')
  const scoreCell = rows.cell('score')
  const key = new PairKey()

  return buildFileCheck(rows, references.values(), (row) => {
    const item = lineItem?.ordinal ?? -1
    if (item < 0) return true
    let isKept = true
    const tell = (problem: Problem | undefined, of: RowView, column: string) => {
      if (problem !== undefined && rows.report(scoreRange, problem, of, column)) isKept = false
    }
    const score = readNumber(row, scoreCell)
    tell(checkScore(score, context.lineItemMins.get(item), context.lineItemMaxes.get(item)), row, 'score')
    const itemClass = context.lineItemClasses.get(item)
    if (itemClass < 0) return isKept
    const named = rosterClass?.ordinal ?? -1
    if (named >= 0) tell(checkResultClass(named === itemClass), row, 'classSourcedId')
    const user = student?.ordinal ?? -1
    const enrollments = context.knownEnrollments()
    if (user >= 0 && enrollments !== undefined) {
      const { hi, lo } = key.of(itemClass, user, 1)
      tell(checkResultStudent(enrollments.has(hi, lo)), row, 'studentSourcedId')
    }
    return isKept
  })
}
