import type { BirthDateLevel } from './compare-birth-dates.ts'
import type { AddressLevel, CodeLevel, EmailLevel } from './compare-contacts.ts'
import type { FamilyNameLevel, GivenNameLevel, MiddleNameLevel } from './names/compare-names.ts'
import type { GradeLevel, TraitLevel } from './compare-people.ts'

/** How probable each level is; `missing` is no evidence and has none. */
type Odds<Level extends string> = Readonly<Record<Exclude<Level, 'missing'>, number>>

/**
 * What an incoming person may be to a held one, and how probable each level of agreement then is. The figures are
 * explained one by one in docs/reference/matching.md.
 */
export type Relation = {
  /** Which share of incoming people without a known id stand so to somebody held. */
  readonly prior: number
  readonly given: Odds<GivenNameLevel>
  readonly family: Odds<FamilyNameLevel>
  readonly middle: Odds<MiddleNameLevel>
  readonly birthDate: Odds<BirthDateLevel>
  readonly sex: Odds<TraitLevel>
  readonly email: Odds<EmailLevel>
  readonly phone: Odds<CodeLevel>
  readonly address: Odds<AddressLevel>
  /** Of namesake, lookalike and stranger not looked at: there it is by the size of the school. */
  readonly school: Odds<TraitLevel>
  /** `byAge`: two children are as many years of school apart as they are in age. */
  readonly grade: Odds<GradeLevel> | 'byAge'
  readonly username: Odds<CodeLevel>
  readonly id: Odds<CodeLevel>
  readonly race: Odds<TraitLevel>
  readonly ethnicity: Odds<TraitLevel>
  readonly homeLanguage: Odds<TraitLevel>
}

export const relationNames = ['same', 'moved', 'twin', 'sibling', 'namesake', 'lookalike', 'stranger'] as const
export type RelationName = (typeof relationNames)[number]

const trait = (exact: number) => ({ exact, different: 1 - exact })
const code = (exact: number, near: number) => ({ exact, near, different: 1 - exact - near })

/** The same person, in the same home. What is written differently was typed wrong, or is known under another form. */
const same: Relation = {
  prior: 0.22,
  given: {
    exact: 0.76,
    nickname: 0.07,
    near: 0.08,
    short: 0.012,
    middle: 0.02,
    crossed: 0.012,
    similar: 0.025,
    swapped: 0.02,
    different: 0.018,
  },
  family: { exact: 0.83, part: 0.05, near: 0.07, similar: 0.01, swapped: 0.5, different: 0.025 },
  middle: { exact: 0.78, initial: 0.11, near: 0.05, different: 0.06 },
  birthDate: {
    exact: 0.87,
    transposed: 0.03,
    typo: 0.055,
    sameDay: 0.012,
    twoParts: 0.015,
    newYear: 0.006,
    sameYear: 0.004,
    different: 0.012,
  },
  sex: trait(0.985),
  email: { exact: 0.7, local: 0.05, near: 0.06, different: 0.19 },
  phone: code(0.78, 0.06),
  address: { exact: 0.82, near: 0.1, area: 0.05, different: 0.03 },
  school: trait(0.85),
  grade: { exact: 0.82, adjacent: 0.14, different: 0.04 },
  username: code(0.4, 0.05),
  id: code(0.8, 0.05),
  race: trait(0.93),
  ethnicity: trait(0.95),
  homeLanguage: trait(0.95),
}

/** The same person after the family moved: what belongs to the home changes together. */
const moved: Relation = {
  ...same,
  prior: 0.08,
  email: { exact: 0.5, local: 0.08, near: 0.04, different: 0.38 },
  phone: code(0.4, 0.03),
  address: { exact: 0.04, near: 0.02, area: 0.44, different: 0.5 },
  school: trait(0.35),
}

/** Born together, living together; parents do not give the same name twice, and like names that sound alike. */
const twin: Relation = {
  ...same,
  prior: 0.08,
  given: {
    exact: 0.0005,
    nickname: 0.002,
    near: 0.008,
    short: 0.004,
    middle: 0.007,
    crossed: 0.0002,
    similar: 0.045,
    swapped: 0.0002,
    different: 0.93,
  },
  family: { exact: 0.95, part: 0.015, near: 0.01, similar: 0.003, swapped: 0.0001, different: 0.02 },
  middle: { exact: 0.04, initial: 0.06, near: 0.01, different: 0.89 },
  birthDate: {
    exact: 0.975,
    transposed: 0.004,
    typo: 0.008,
    sameDay: 0.003,
    twoParts: 0.006,
    newYear: 0.001,
    sameYear: 0.002,
    different: 0.002,
  },
  sex: trait(0.6),
  email: { exact: 0.6, local: 0.02, near: 0.03, different: 0.35 },
  phone: code(0.85, 0.02),
  address: { exact: 0.92, near: 0.04, area: 0.02, different: 0.02 },
  school: trait(0.93),
  grade: { exact: 0.95, adjacent: 0.045, different: 0.005 },
  username: code(0.002, 0.03),
  id: code(0.0005, 0.05),
  race: trait(0.96),
  ethnicity: trait(0.97),
  homeLanguage: trait(0.98),
}

/** Of the same parents, born at another time. */
const sibling: Relation = {
  ...twin,
  prior: 0.15,
  given: { ...twin.given, near: 0.005, similar: 0.035, different: 0.9443 },
  birthDate: {
    exact: 0.003,
    transposed: 0.0003,
    typo: 0.006,
    sameDay: 0.004,
    twoParts: 0.01,
    newYear: 0.001,
    sameYear: 0.02,
    different: 0.956,
  },
  sex: trait(0.5),
  school: trait(0.5),
  grade: 'byAge',
  id: code(0.0005, 0.01),
}

/** Another person of the same name: a cousin, a name in fashion, a name that runs in the family. */
const namesake: Relation = {
  ...twin,
  prior: 0.06,
  given: {
    exact: 0.9,
    nickname: 0.02,
    near: 0.03,
    short: 0.01,
    middle: 0.01,
    crossed: 0.0005,
    similar: 0.015,
    swapped: 0.001,
    different: 0.014,
  },
  family: { exact: 0.93, part: 0.015, near: 0.03, similar: 0.01, swapped: 0.5, different: 0.015 },
  middle: { exact: 0.03, initial: 0.08, near: 0.01, different: 0.88 },
  birthDate: {
    exact: 0.0005,
    transposed: 0.001,
    typo: 0.012,
    sameDay: 0.005,
    twoParts: 0.015,
    newYear: 0.002,
    sameYear: 0.08,
    different: 0.8865,
  },
  sex: trait(0.95),
  email: { exact: 0.002, local: 0.02, near: 0.005, different: 0.973 },
  phone: code(0.002, 0.0005),
  address: { exact: 0.003, near: 0.002, area: 0.2, different: 0.795 },
  grade: 'byAge',
  username: code(0.01, 0.05),
  id: code(0.0002, 0.0005),
  race: trait(0.55),
  ethnicity: trait(0.7),
  homeLanguage: trait(0.75),
}

/** Another person of the same age with a similar name: in a large district there is one for many. */
const lookalike: Relation = {
  ...namesake,
  prior: 0.06,
  given: {
    exact: 0.4,
    nickname: 0.08,
    near: 0.12,
    short: 0.05,
    middle: 0.02,
    crossed: 0.0005,
    similar: 0.15,
    swapped: 0.001,
    different: 0.18,
  },
  family: { exact: 0.45, part: 0.05, near: 0.15, similar: 0.1, swapped: 0.5, different: 0.25 },
  birthDate: {
    exact: 0.95,
    transposed: 0.005,
    typo: 0.015,
    sameDay: 0.005,
    twoParts: 0.01,
    newYear: 0.001,
    sameYear: 0.005,
    different: 0.01,
  },
  sex: trait(0.85),
}

/** How probable a level of agreement is between two strangers' names; `exact` is by how frequent it is (Chances). */
const chanceOfGivenName: Odds<GivenNameLevel> = {
  exact: 0,
  nickname: 0.004,
  near: 0.004,
  short: 0.004,
  middle: 0.008,
  crossed: 0.00005,
  similar: 0.03,
  swapped: 0.00002,
  different: 0.95,
}
const chanceOfFamilyName: Odds<FamilyNameLevel> = {
  exact: 0,
  part: 0.002,
  near: 0.003,
  similar: 0.012,
  swapped: 0.05,
  different: 0.98,
}

/** Somebody else altogether: what agrees, agrees by chance. The prior is that of every held record. */
const stranger: Relation = {
  ...namesake,
  prior: 1,
  given: chanceOfGivenName,
  family: chanceOfFamilyName,
  middle: { exact: 0.008, initial: 0.07, near: 0.005, different: 0.917 },
  birthDate: {
    exact: 0.00022,
    transposed: 0.0001,
    typo: 0.005,
    sameDay: 0.0027,
    twoParts: 0.009,
    newYear: 0.0004,
    sameYear: 0.066,
    different: 0.917,
  },
  sex: trait(0.5),
  email: { exact: 0.000004, local: 0.0001, near: 0.00003, different: 0.99986 },
  phone: code(0.00001, 0.00003),
  address: { exact: 0.00003, near: 0.0001, area: 0.15, different: 0.84987 },
  username: code(0.000002, 0.0001),
  id: code(0.000001, 0.0001),
  race: trait(0.45),
  ethnicity: trait(0.65),
  homeLanguage: trait(0.7),
}

export type Relations = Readonly<Record<RelationName, Relation>>

/** Every relation that is weighed. */
export const relations: Relations = {
  same,
  moved,
  twin,
  sibling,
  namesake,
  lookalike,
  stranger,
}

/** By how many years two children who are not twins are apart: whether their grades are. */
export const gradeByAge: readonly { readonly below: number; readonly odds: Odds<GradeLevel> }[] = [
  { below: 0.6, odds: { exact: 0.78, adjacent: 0.2, different: 0.02 } },
  { below: 1.6, odds: { exact: 0.15, adjacent: 0.65, different: 0.2 } },
  { below: 2.6, odds: { exact: 0.02, adjacent: 0.18, different: 0.8 } },
  { below: Infinity, odds: { exact: 0.008, adjacent: 0.012, different: 0.98 } },
]
/** The same where an age is not known. */
export const gradeByChance: Odds<GradeLevel> = { exact: 0.08, adjacent: 0.15, different: 0.77 }
