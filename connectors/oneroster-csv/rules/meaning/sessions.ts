import { problem } from '../../../../domain/import-rules/rule.ts'
import type { Problem, Rule } from '../../../../domain/import-rules/rule.ts'

/** Days as numbers, 20260815; 0 where the cell says none. The last day is exclusive. */
export type SessionDates = { readonly startDay: number; readonly endDay: number }

/** S-04. */
function checkSessionOrder({ startDay, endDay }: SessionDates): Problem | undefined {
  if (startDay === 0 || endDay === 0 || startDay < endDay) return undefined
  return problem('startDate is not before endDate, which is the day after the last one.')
}

export const sessionOrder: Rule<typeof checkSessionOrder> = {
  id: 'S-04',
  title: 'a session ends before it starts',
  severity: { strict: 'error', default: 'error' },
  appliesTo: 'row',
  check: checkSessionOrder,
}

/** S-05, for a session and its parent. */
function checkSessionInsideParent(session: SessionDates, parent: SessionDates): Problem | undefined {
  if (session.startDay === 0 || session.endDay === 0 || parent.startDay === 0 || parent.endDay === 0) return undefined
  if (session.startDay >= parent.startDay && session.endDay <= parent.endDay) return undefined
  return problem('The session is not inside the dates of its parent.')
}

export const sessionInsideParent: Rule<typeof checkSessionInsideParent> = {
  id: 'S-05',
  title: 'a session is outside the dates of its parent, or overlaps a sibling',
  severity: { strict: undefined, default: 'info' },
  appliesTo: 'row',
  check: checkSessionInsideParent,
}

/** S-05, for two sessions of one type and one parent, the earlier one first. */
export function checkSiblingOverlap(earlier: SessionDates, later: SessionDates): Problem | undefined {
  if (earlier.endDay === 0 || later.startDay === 0 || earlier.endDay <= later.startDay) return undefined
  return problem('The session begins before another of the same type and parent has ended.')
}

/**
 * S-06, for a session of type `schoolYear`. One that ends on 1 January has its last day in the year before, so both
 * years are right.
 */
function checkSchoolYear(schoolYear: number, endDay: number): Problem | undefined {
  if (schoolYear === 0 || endDay === 0) return undefined
  const endYear = Math.floor(endDay / 10_000)
  const isNewYear = endDay % 10_000 === 101
  if (schoolYear === endYear || (isNewYear && schoolYear === endYear - 1)) return undefined
  return problem('schoolYear is not the year in which the school year ends.')
}

export const schoolYear: Rule<typeof checkSchoolYear> = {
  id: 'S-06',
  title: '`schoolYear` is not the year in which a `schoolYear` session ends',
  severity: { strict: undefined, default: 'info' },
  appliesTo: 'row',
  check: checkSchoolYear,
}
