import type { BirthDate } from './person.ts'
import { countTypingErrors } from './names/edit-distance.ts'

/**
 * How far two birth dates agree. `transposed`: day and month changed places. `typo`: one digit of one part is another,
 * or two neighbours of it are exchanged, or it is the day before or after, or the same day a year before or after.
 * `sameDay`: day and month agree, the year is another. `twoParts`: year and month or year and day agree. `newYear`: the
 * year agrees, and one of the two says the first of January, as papers do where nobody knows the day. `sameYear`: the year alone.
 */
export type BirthDateLevel =
  'exact' | 'transposed' | 'typo' | 'sameDay' | 'twoParts' | 'newYear' | 'sameYear' | 'different' | 'missing'

export function compareBirthDates(a: BirthDate | undefined, b: BirthDate | undefined): BirthDateLevel {
  if (a === undefined || b === undefined) return 'missing'
  if (a.text === b.text) return 'exact'
  const isSameYear = a.year === b.year
  if (isSameYear && a.day === b.month && a.month === b.day) return 'transposed'
  if (countTypingErrors(a.text, b.text, 1) === 1 && a.text.length === b.text.length) return 'typo'
  const days = Math.abs(countDays(a) - countDays(b))
  if (days === 1) return 'typo'
  if (a.day === b.day && a.month === b.month) return Math.abs(a.year - b.year) === 1 ? 'typo' : 'sameDay'
  // Spreadsheets count days from 1900 or from 1904: the same number is a date four years and a day apart.
  if (days === 1462) return 'sameDay'
  if (isSameYear && (isNewYear(a) || isNewYear(b))) return 'newYear'
  if (isSameYear && (a.month === b.month || a.day === b.day)) return 'twoParts'
  return isSameYear ? 'sameYear' : 'different'
}

function countDays({ year, month, day }: BirthDate): number {
  return Date.UTC(year, month - 1, day) / 86_400_000
}

function isNewYear({ month, day }: BirthDate): boolean {
  return month === 1 && day === 1
}

/** Years between two births, as a fraction; undefined when one is not known. */
export function countYearsBetween(a: BirthDate | undefined, b: BirthDate | undefined): number | undefined {
  if (a === undefined || b === undefined) return undefined
  return Math.abs(a.year - b.year + (a.month - b.month) / 12 + (a.day - b.day) / 365)
}
