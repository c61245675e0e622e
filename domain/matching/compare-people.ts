import type { Person } from './person.ts'
import { compareBirthDates, countYearsBetween, type BirthDateLevel } from './compare-birth-dates.ts'
import {
  compareAddresses,
  compareCodes,
  compareEmails,
  comparePhones,
  type AddressLevel,
  type CodeLevel,
  type EmailLevel,
} from './compare-contacts.ts'
import {
  compareWholeNames,
  type FamilyNameLevel,
  type GivenNameLevel,
  type MiddleNameLevel,
} from './names/compare-names.ts'

export type TraitLevel = 'exact' | 'different' | 'missing'
/** `adjacent`: one year of school apart. */
export type GradeLevel = 'exact' | 'adjacent' | 'different' | 'missing'

/** How far two people agree, aspect by aspect: all that the weights are applied to. */
export type Comparison = {
  readonly given: GivenNameLevel
  readonly family: FamilyNameLevel
  readonly middle: MiddleNameLevel
  readonly birthDate: BirthDateLevel
  /** Years between the two births; undefined when one is not known. */
  readonly yearsApart: number | undefined
  readonly sex: TraitLevel
  readonly email: EmailLevel
  readonly phone: CodeLevel
  readonly address: AddressLevel
  readonly school: TraitLevel
  readonly grade: GradeLevel
  readonly username: CodeLevel
  readonly stateId: CodeLevel
  readonly federatedId: CodeLevel
  readonly race: TraitLevel
  readonly ethnicity: TraitLevel
  readonly homeLanguage: TraitLevel
}

/** Compares an incoming person with a held one. */
export function comparePeople(incoming: Person, held: Person): Comparison {
  return {
    ...compareWholeNames(incoming, held),
    birthDate: compareBirthDates(incoming.birthDate, held.birthDate),
    yearsApart: countYearsBetween(incoming.birthDate, held.birthDate),
    sex: compareTraits(incoming.sex, held.sex),
    email: compareEmails(incoming.email, held.email),
    phone: comparePhones(incoming.phone, held.phone),
    address: compareAddresses(incoming, held),
    school: compareSchools(incoming.schools, held.schools),
    grade: compareGrades(incoming, held),
    username: compareUsernames(incoming.username, held.username),
    stateId: compareCodes(incoming.stateId, held.stateId),
    federatedId: compareCodes(incoming.federatedId, held.federatedId),
    race: compareTraits(incoming.race, held.race),
    ethnicity: compareTraits(incoming.ethnicity, held.ethnicity),
    homeLanguage: compareTraits(incoming.homeLanguage, held.homeLanguage),
  }
}

function compareTraits(a: string | undefined, b: string | undefined): TraitLevel {
  if (a === undefined || b === undefined) return 'missing'
  return a === b ? 'exact' : 'different'
}

function compareSchools(a: readonly string[] | undefined, b: readonly string[] | undefined): TraitLevel {
  if (a === undefined || b === undefined) return 'missing'
  return a.some((school) => b.includes(school)) ? 'exact' : 'different'
}

/** By the years of school, or by the year of graduation where one of them has no grade. */
function compareGrades(a: Person, b: Person): GradeLevel {
  const [one, other] = a.grade !== undefined && b.grade !== undefined ? [a.grade, b.grade] : [a.classYear, b.classYear]
  if (one === undefined || other === undefined) return 'missing'
  const years = Math.abs(one - other)
  if (years === 0) return 'exact'
  return years === 1 ? 'adjacent' : 'different'
}

/** A number behind a name tells one student from the next and is no typing error. */
function compareUsernames(a: string | undefined, b: string | undefined): CodeLevel {
  const level = compareCodes(a, b)
  return level === 'near' && a?.replace(/\D/g, '') !== b?.replace(/\D/g, '') ? 'different' : level
}
