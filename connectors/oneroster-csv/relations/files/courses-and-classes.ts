import type { OrgType, SessionType } from '../../index/codes.ts'
import { classIsCurrent, classTerm, courseYear, school } from '../../rules/meaning/courses-and-classes.ts'
import type { RowView } from '../../../kit/csv/row-view.ts'
import type { FileCheck, FileRows } from '../file-rows.ts'
import { buildFileCheck, buildReferences } from '../plain-file.ts'
import type { ReferenceColumn } from '../reference-column.ts'

/** courses.csv: S-01 beside its references. */
export function createCoursesCheck(rows: FileRows): FileCheck {
  const { context } = rows
  const references = buildReferences(rows)
  const year = references.get('schoolYearSourcedId')
  return buildFileCheck(rows, references.values(), (row) => {
    if (year === undefined || year.ordinal < 0) return true
    // as: only values of SessionType are written there.
    const problem = courseYear.check(context.sessionTypes.get(year.ordinal) as SessionType)
    return problem === undefined || !rows.report(courseYear, problem, row, 'schoolYearSourcedId')
  })
}

/** S-02 for the row's `schoolSourcedId`; whether the row stays. */
export function checkSchoolOf(rows: FileRows, row: RowView, reference: ReferenceColumn | undefined): boolean {
  if (reference === undefined || reference.ordinal < 0) return true
  // as: only values of OrgType are written there.
  const problem = school.check(rows.context.orgTypes.get(reference.ordinal) as OrgType)
  return problem === undefined || !rows.report(school, problem, row, 'schoolSourcedId')
}

/** classes.csv: S-02, S-07 and S-08 beside its references, and the school of each class for others. */
export function createClassesCheck(rows: FileRows): FileCheck {
  const { context } = rows
  const references = buildReferences(rows)
  const schoolReference = references.get('schoolSourcedId')
  const terms = references.get('termSourcedIds')

  function checkTerms(row: RowView, { ordinals, count }: ReferenceColumn): void {
    let firstDay = 0
    let endDay = 0
    let areAllKnown = count > 0
    let isTermReported = false
    for (let index = 0; index < count; index++) {
      const session = ordinals[index] ?? -1
      const start = session < 0 ? 0 : context.sessionStarts.get(session)
      const end = session < 0 ? 0 : context.sessionEnds.get(session)
      areAllKnown &&= start !== 0 && end !== 0
      if (firstDay === 0 || start < firstDay) firstDay = start
      if (end > endDay) endDay = end
      // as: only values of SessionType are written there.
      const problem = session < 0 ? undefined : classTerm.check(context.sessionTypes.get(session) as SessionType)
      if (problem === undefined || isTermReported) continue
      isTermReported = true
      rows.report(classTerm, problem, row, 'termSourcedIds')
    }
    const problem = areAllKnown ? classIsCurrent.check(firstDay, endDay, context.today) : undefined
    if (problem !== undefined) rows.report(classIsCurrent, problem, row, 'termSourcedIds')
  }

  return buildFileCheck(rows, references.values(), (row, isUsable) => {
    const isKept = checkSchoolOf(rows, row, schoolReference)
    if (terms !== undefined) checkTerms(row, terms)
    if (isUsable && schoolReference !== undefined) context.classSchools.set(rows.ordinal, schoolReference.ordinal)
    return isKept
  })
}
