import { SessionType } from '../../index/codes.ts'
import { problem } from '../../../../domain/import-rules/rule.ts'
import type { Problem, Rule } from '../../../../domain/import-rules/rule.ts'

/** S-21, for a line item. Bounds are NaN where the cell says none; every comparison with NaN is false. */
function checkScoreRange(min: number, max: number): Problem | undefined {
  return min > max ? problem('resultValueMin is above resultValueMax.') : undefined
}

export const scoreRange: Rule<typeof checkScoreRange> = {
  id: 'S-21',
  title: 'score bounds are out of order, or a result is outside the bounds, the class or the students of its line item',
  severity: { strict: 'error', default: 'warning' },
  appliesTo: 'row',
  check: checkScoreRange,
}

/** S-21, for a result. */
export function checkScore(score: number, min: number, max: number): Problem | undefined {
  return score < min || score > max ? problem('The score is outside the range of its line item.') : undefined
}

/** S-21, for a result that names a class. */
export function checkResultClass(isClassOfLineItem: boolean): Problem | undefined {
  return isClassOfLineItem ? undefined : problem('classSourcedId is not the class of the line item.')
}

/** S-21, for a result. */
export function checkResultStudent(isEnrolled: boolean): Problem | undefined {
  return isEnrolled ? undefined : problem('The student is not enrolled in the class of the line item.')
}

/** S-22. */
function checkLineItemSession(sessionType: SessionType): Problem | undefined {
  if (sessionType !== SessionType.schoolYear) return undefined
  return problem('The line item is linked to a school year: link it to a grading period or a term.')
}

export const lineItemSession: Rule<typeof checkLineItemSession> = {
  id: 'S-22',
  title: "a line item's session is a `schoolYear`",
  severity: { strict: 'error', default: 'warning' },
  appliesTo: 'cell',
  check: checkLineItemSession,
}
