import { compareBirthDates } from './compare-birth-dates.ts'
import { compareNames } from './compare-names.ts'
import type { Person } from './person.ts'

/**
 * True when two records with the same exact key are nevertheless two people: another birth date and another family
 * name (product.md section 8). Systems give the id of a pupil who left to the next one. One of the two alone is a
 * correction or a marriage; a blank on either side says nothing.
 */
export function contradicts(incoming: Person, held: Person): boolean {
  const birthDate = compareBirthDates(incoming.birthDate, held.birthDate)
  const { family } = compareNames(incoming, held)
  const isOtherDate = birthDate !== 'missing' && birthDate !== 'exact' && birthDate !== 'transposed'
  return isOtherDate && (family === 'different' || family === 'similar')
}
