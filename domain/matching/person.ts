import type { AspectValues, MatchingAspect } from './matching-aspects.ts'
import { foldText, foldWords } from './names/fold-text.ts'
import { readNames } from './names/read-names.ts'

/** One person, made ready once and then compared with many. A field that is blank is undefined: no evidence. */
export type Person = {
  readonly given: PersonName | undefined
  readonly middle: PersonName | undefined
  readonly preferred: PersonName | undefined
  readonly family: PersonName | undefined
  readonly birthDate: BirthDate | undefined
  readonly sex: string | undefined
  readonly email: EmailAddress | undefined
  /** The digits, at most the last ten: a country code is written or not. */
  readonly phone: string | undefined
  readonly street: Street | undefined
  readonly city: string | undefined
  readonly postalCode: string | undefined
  readonly schools: readonly string[] | undefined
  /** Years of school behind a student: 0 in kindergarten. */
  readonly grade: number | undefined
  readonly classYear: number | undefined
  readonly username: string | undefined
  readonly stateId: string | undefined
  readonly federatedId: string | undefined
  readonly race: string | undefined
  readonly ethnicity: string | undefined
  readonly homeLanguage: string | undefined
}

export type PersonName = {
  readonly words: readonly string[]
  readonly joined: string
  /** That of the joined words (deriveSound). */
  readonly sound: string
  /** It was written in a script that leaves out most vowels. */
  readonly isConsonants?: true
}
export type BirthDate = { readonly text: string; readonly year: number; readonly month: number; readonly day: number }
export type EmailAddress = { readonly whole: string; readonly local: string; readonly domain: string }
export type Street = { readonly joined: string; readonly number: string }

/** Reads the values of a record's aspects into comparable forms. Never throws: what cannot be read is left out. */
export function readPerson(values: AspectValues): Person {
  const text = (aspect: MatchingAspect): string => {
    const value = values[aspect]
    if (value === undefined || value === null) return ''
    return typeof value === 'object' ? value.join(' ') : String(value)
  }
  const folded = (aspect: MatchingAspect) => foldText(text(aspect)) || undefined
  return {
    ...readNames({
      given: text('givenName'),
      middle: text('middleName'),
      preferred: text('preferredName'),
      family: text('familyName'),
    }),
    birthDate: readBirthDate(text('birthDate')),
    sex: folded('sex'),
    email: readEmail(text('email')),
    phone: readPhone(text('phone')),
    street: readStreet(text('street')),
    city: folded('city'),
    postalCode: readPostalCode(text('postalCode')),
    schools: readSchools(values.school),
    grade: readGrade(text('gradeLevel')),
    classYear: readYear(text('classYear')),
    username: text('username').trim().toLowerCase() || undefined,
    // A spreadsheet takes an id of digits for a number.
    stateId: folded('stateId')?.replace(/^0+(?=\d{4})/, ''),
    federatedId: text('federatedId').trim().toLowerCase() || undefined,
    race: foldWords(text('race')).sort().join(' ') || undefined,
    ethnicity: folded('ethnicity'),
    homeLanguage: folded('homeLanguage'),
  }
}

function readBirthDate(text: string): BirthDate | undefined {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? []
  if (year === undefined) return undefined
  return { text, year: Number(year), month: Number(month), day: Number(day) }
}

function readEmail(text: string): EmailAddress | undefined {
  const whole = text.trim().toLowerCase()
  const end = whole.lastIndexOf('@')
  if (end < 1) return undefined
  return { whole, local: whole.slice(0, end), domain: whole.slice(end + 1) }
}

function readPhone(text: string): string | undefined {
  const digits = text.replace(/\D/g, '').slice(-10)
  // Shorter ones are extensions, and a row of one digit is what is typed when a form insists.
  return digits.length < 7 || /^(\d)\1*$/.test(digits) ? undefined : digits
}

/** Long and short forms in use by post offices; `#12`, `apt 12` and `unit 12` say the same. */
const streetWords: Readonly<Record<string, string>> = {
  street: 'st',
  avenue: 'ave',
  av: 'ave',
  road: 'rd',
  drive: 'dr',
  lane: 'ln',
  court: 'ct',
  place: 'pl',
  boulevard: 'blvd',
  circle: 'cir',
  terrace: 'ter',
  parkway: 'pkwy',
  highway: 'hwy',
  square: 'sq',
  trail: 'trl',
  crescent: 'cres',
  close: 'cl',
  north: 'n',
  south: 's',
  east: 'e',
  west: 'w',
  apartment: '',
  apt: '',
  unit: '',
  no: '',
}

function readStreet(text: string): Street | undefined {
  const words = foldWords(text).map((word) => streetWords[word] ?? word)
  const joined = words.join('')
  if (joined === '') return undefined
  return { joined, number: words.find((word) => /^\d/.test(word)) ?? '' }
}

function readPostalCode(text: string): string | undefined {
  const joined = foldText(text)
  // Nine digits are the five of the post office and four more of the side of the street.
  // and a spreadsheet leaves out the zero at the beginning.
  if (/^\d{4}$/.test(joined)) return `0${joined}`
  return (/^\d{9}$/.test(joined) ? joined.slice(0, 5) : joined) || undefined
}

function readSchools(value: AspectValues['school']): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined
  const schools = typeof value === 'object' ? value : [String(value)]
  return schools.length === 0 ? undefined : schools
}

const earlyGrades: Readonly<Record<string, number>> = { it: -3, pr: -2, pk: -1, tk: -1, kg: 0, k: 0, ps: 13 }

function readGrade(text: string): number | undefined {
  const code = text.trim().toLowerCase()
  if (/^\d{1,2}$/.test(code)) return Number(code)
  return earlyGrades[code]
}

function readYear(text: string): number | undefined {
  return /^\d{4}$/.test(text) ? Number(text) : undefined
}
