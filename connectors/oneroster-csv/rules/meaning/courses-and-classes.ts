import { OrgType, SessionType } from '../../index/codes.ts'
import { problem } from '../../../../domain/import-rules/rule.ts'
import type { Problem, Rule } from '../../../../domain/import-rules/rule.ts'

/** S-01. */
function checkCourseYear(sessionType: SessionType): Problem | undefined {
  if (sessionType === SessionType.schoolYear || isOpen(sessionType)) return undefined
  return problem('schoolYearSourcedId points to a session that is not of type schoolYear.')
}

export const courseYear: Rule<typeof checkCourseYear> = {
  id: 'S-01',
  title: "a course's `schoolYearSourcedId` is no session of type `schoolYear`",
  severity: { strict: 'error', default: 'warning' },
  appliesTo: 'cell',
  check: checkCourseYear,
}

/** S-02, for a class, an enrollment or a line item. */
function checkSchool(orgType: OrgType): Problem | undefined {
  if (orgType === OrgType.school || orgType === OrgType.other || orgType === OrgType.unknown) return undefined
  return problem('schoolSourcedId points to an org that is not of type school.')
}

export const school: Rule<typeof checkSchool> = {
  id: 'S-02',
  title: '`schoolSourcedId` is no org of type `school`',
  severity: { strict: 'error', default: 'warning' },
  appliesTo: 'cell',
  check: checkSchool,
}

/** S-07. */
function checkClassTerm(sessionType: SessionType): Problem | undefined {
  if (sessionType === SessionType.schoolYear) {
    return problem('The class is linked to a school year; some receivers take terms only.')
  }
  if (sessionType !== SessionType.gradingPeriod) return undefined
  return problem('The class is linked to a grading period; some receivers take terms only.')
}

export const classTerm: Rule<typeof checkClassTerm> = {
  id: 'S-07',
  title: 'a term of a class is a session of another type',
  severity: { strict: undefined, default: 'info' },
  appliesTo: 'cell',
  check: checkClassTerm,
}

/** S-08, with the first and the last day of all terms of the class (0 where unknown) and today, as numbers. */
function checkClassIsCurrent(firstDay: number, endDay: number, today: number): Problem | undefined {
  if (firstDay !== 0 && firstDay > today) return problem('All terms of the class start in the future.')
  // The end is exclusive: a term that ends today had its last day yesterday.
  if (endDay !== 0 && endDay <= today) return problem('All terms of the class have ended.')
  return undefined
}

export const classIsCurrent: Rule<typeof checkClassIsCurrent> = {
  id: 'S-08',
  title: 'no term of a class is current: none has begun and not ended',
  severity: { strict: undefined, default: 'info' },
  appliesTo: 'row',
  check: checkClassIsCurrent,
}

/** An `ext:` type, or a session we know nothing of: no rule can speak of it. */
function isOpen(sessionType: SessionType): boolean {
  return sessionType === SessionType.other || sessionType === SessionType.unknown
}
