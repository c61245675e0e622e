import type { EmailAddress, Person } from './person.ts'
import { countTypingErrors, measureLikeness } from './names/edit-distance.ts'

/** `local`: what stands before the @ is the same. `near`: one typing error, in the letters. */
export type EmailLevel = 'exact' | 'local' | 'near' | 'different' | 'missing'
export type CodeLevel = 'exact' | 'near' | 'different' | 'missing'
/** `area`: another street in the same place. */
export type AddressLevel = 'exact' | 'near' | 'area' | 'different' | 'missing'

export function compareEmails(a: EmailAddress | undefined, b: EmailAddress | undefined): EmailLevel {
  if (a === undefined || b === undefined) return 'missing'
  if (a.whole === b.whole) return 'exact'
  if (a.local === b.local && a.local.length >= 5 && !generalAddresses.has(a.local)) return 'local'
  // Addresses that a school makes by rule differ in a number or an initial from one student to the next.
  const errors = a.whole.length >= 12 ? 2 : 1
  const isNear = digitsOf(a.local) === digitsOf(b.local) && countTypingErrors(a.whole, b.whole, errors) <= errors
  return isNear ? 'near' : 'different'
}

const generalAddresses = new Set(['family', 'parents', 'contact', 'office', 'admin', 'student', 'school', 'noreply'])

function digitsOf(text: string): string {
  return text.replace(/\D/g, '')
}

/** Of numbers and ids: one digit wrong, or two neighbours exchanged. */
export function compareCodes(a: string | undefined, b: string | undefined): CodeLevel {
  if (a === undefined || b === undefined) return 'missing'
  if (a === b) return 'exact'
  if (Math.min(a.length, b.length) < 6) return 'different'
  return countTypingErrors(a, b, 1) <= 1 ? 'near' : 'different'
}

/** A telephone number is written with its area code or without. */
export function comparePhones(a: string | undefined, b: string | undefined): CodeLevel {
  if (a === undefined || b === undefined) return 'missing'
  const length = Math.min(a.length, b.length)
  return compareCodes(a.slice(-length), b.slice(-length))
}

export function compareAddresses(a: Person, b: Person): AddressLevel {
  const postalCode = compareCodes(a.postalCode, b.postalCode)
  const city =
    a.city === undefined || b.city === undefined
      ? 'missing'
      : a.city === b.city || countTypingErrors(a.city, b.city, 2) <= 2
  const isSamePlace = postalCode === 'exact' || postalCode === 'near' || city === true
  const isOtherPlace = !isSamePlace && (postalCode === 'different' || city === false)
  if (a.street === undefined || b.street === undefined) {
    if (isSamePlace) return 'area'
    return isOtherPlace ? 'different' : 'missing'
  }
  const isSameStreet = a.street.joined === b.street.joined
  if (isSameStreet) return isOtherPlace ? 'near' : 'exact'
  const isNearStreet =
    countTypingErrors(a.street.joined, b.street.joined, 2) <= 2 ||
    measureLikeness(a.street.joined, b.street.joined) >= 0.93
  // Next door is another house: the number must be the same, or the error be in it alone and the place not contradict.
  if (isNearStreet && !isOtherPlace && a.street.number === b.street.number) return 'near'
  return isOtherPlace ? 'different' : 'area'
}
