import type { BirthDate } from './person.ts'
import { countTypingErrors } from './edit-distance.ts'

/**
 * How far two birth dates agree. `transposed`: day and month changed places. `typo`: one digit of one part is another,
 * or two neighbours of it are exchanged. `sameDay`: day and month agree, the year is another. `twoParts`: year and month or
 * year and day agree. `sameYear`: the year alone.
 */
export type BirthDateLevel =
  'exact' | 'transposed' | 'typo' | 'sameDay' | 'twoParts' | 'sameYear' | 'different' | 'missing'

export function compareBirthDates(a: BirthDate | undefined, b: BirthDate | undefined): BirthDateLevel {
  if (a === undefined || b === undefined) return 'missing'
  if (a.text === b.text) return 'exact'
  const isSameYear = a.year === b.year
  if (isSameYear && a.day === b.month && a.month === b.day) return 'transposed'
  if (countTypingErrors(a.text, b.text, 1) === 1 && a.text.length === b.text.length) return 'typo'
  if (a.day === b.day && a.month === b.month) return 'sameDay'
  if (isSameYear && (a.month === b.month || a.day === b.day)) return 'twoParts'
  return isSameYear ? 'sameYear' : 'different'
}

/** Years between two births, as a fraction; undefined when one is not known. */
export function countYearsBetween(a: BirthDate | undefined, b: BirthDate | undefined): number | undefined {
  if (a === undefined || b === undefined) return undefined
  return Math.abs(a.year - b.year + (a.month - b.month) / 12 + (a.day - b.day) / 365)
}
