import type { Person, PersonName } from '../person.ts'
import { areNear, compareWords, isNear } from './compare-words.ts'
import { areFormsOfOneName } from './nicknames.ts'
import { areRearranged, isParticle } from './rearranged-names.ts'

/**
 * How far two given names agree. `nickname`: two forms of one name, or the name she goes by. `near`: one typing error,
 * misread letters, or the same sound. `short`: one of several words, an initial, the beginning. `middle`: it is the other's
 * middle name. `crossed`: and the other's is the middle name of this one. `similar`: more than one error lies between them,
 * and yet they are alike. `swapped`: it is the other's family name.
 */
export type GivenNameLevel =
  'exact' | 'nickname' | 'near' | 'short' | 'middle' | 'crossed' | 'similar' | 'swapped' | 'different' | 'missing'

/** `part`: a part of a double or hyphenated name is the same, or one is cut off. The others as above. */
export type FamilyNameLevel = 'exact' | 'part' | 'near' | 'similar' | 'swapped' | 'different' | 'missing'

export type MiddleNameLevel = 'exact' | 'initial' | 'near' | 'different' | 'missing'

export type NameLevels = {
  readonly given: GivenNameLevel
  readonly family: FamilyNameLevel
  readonly middle: MiddleNameLevel
}

/**
 * Levels of all names together: what stands in one column here stands in another there, and what was told by one level is
 * not told again by the next.
 */
export function compareWholeNames(a: Person, b: Person): NameLevels {
  const family = compareFamilyNames(a.family, b.family)
  const { given, middle } = compareFirstNames(a, b)
  if (agrees[given] || agrees[family] || !(isCrossed(a, b) || areRearranged(a, b))) return { given, family, middle }
  // Whatever of the middle name went into another column is no other middle name.
  return { given: 'swapped', family: 'swapped', middle: middle === 'different' ? 'missing' : middle }
}

const agrees: Readonly<Record<string, boolean>> = { exact: true, nickname: true, near: true, part: true }

/** One of the two is exactly the other's, and the second at most one error away. */
function isCrossed(a: Person, b: Person): boolean {
  const one = compareWords(a.given, b.family)
  const other = compareWords(b.given, a.family)
  const isAtMostNear = (likeness: string) => likeness === 'exact' || likeness === 'near'
  return isAtMostNear(one) && isAtMostNear(other) && (one === 'exact' || other === 'exact')
}

function compareFirstNames(a: Person, b: Person): { given: GivenNameLevel; middle: MiddleNameLevel } {
  const middle = compareMiddleNames(a.middle, b.middle)
  const given = compareGivenNames(a, b)
  if (given === 'exact') return { given, middle }
  const whole = compareWithMiddle(a, b) ?? compareWithMiddle(b, a)
  if (whole !== undefined) return { given: whole, middle: 'exact' }
  if (given === 'nickname' || given === 'near' || given === 'short') return { given, middle }
  const isMiddleOfB = isMiddleName(a.given, b.middle)
  const isMiddleOfA = isMiddleName(b.given, a.middle)
  if (!isMiddleOfA && !isMiddleOfB) return { given, middle }
  const isBoth = (isMiddleOfA && isInitialOf(b.middle, a.given)) || (isMiddleOfB && isInitialOf(a.middle, b.given))
  if ((isMiddleOfA && isMiddleOfB) || isBoth) return { given: 'crossed', middle: 'missing' }
  return { given: 'middle', middle }
}

function compareGivenNames(a: Person, b: Person): GivenNameLevel {
  if (a.given === undefined || b.given === undefined) return 'missing'
  const likeness = compareWords(a.given, b.given)
  if (likeness === 'exact') return 'exact'
  if (areForms(a.given, b.given) || isCalled(a, b.given) || isCalled(b, a.given)) return 'nickname'
  if (likeness === 'near') return 'near'
  if (isShortFor(a.given, b.given) || isShortFor(b.given, a.given)) return 'short'
  return likeness
}

/** The one has given and middle name in one column, in either order. */
function compareWithMiddle({ given, middle }: Person, other: Person): 'exact' | 'near' | undefined {
  if (middle !== undefined || given === undefined || given.words.length < 2) return undefined
  if (other.given === undefined || other.middle === undefined) return undefined
  const orders = [other.given.joined + other.middle.joined, other.middle.joined + other.given.joined]
  if (orders.includes(given.joined)) return 'exact'
  return orders.some((whole) => areNear(whole, given.joined)) ? 'near' : undefined
}

function areForms(a: PersonName, b: PersonName): boolean {
  return areFormsOfOneName(a.joined, b.joined) || areFormsOfOneName(a.words[0] ?? '', b.words[0] ?? '')
}

/** The preferred name of the one is the given name of the other, or a form of it. */
function isCalled({ preferred }: Person, given: PersonName): boolean {
  return preferred !== undefined && (preferred.joined === given.joined || areForms(preferred, given))
}

function isShortFor(short: PersonName, long: PersonName): boolean {
  if (short.joined.length >= long.joined.length) return false
  if (long.words.length > 1 && long.words.includes(short.joined)) return true
  const isInitialOrBeginning = short.joined.length === 1 || short.joined.length >= 3
  return isInitialOrBeginning && long.joined.startsWith(short.joined)
}

function isMiddleName(given: PersonName | undefined, middle: PersonName | undefined): boolean {
  if (given === undefined || middle === undefined || given.joined.length < 2) return false
  if (given.joined === middle.joined || middle.words.includes(given.joined)) return true
  return isNear(given, middle) || areForms(given, middle)
}

function isInitialOf(initial: PersonName | undefined, name: PersonName | undefined): boolean {
  return initial?.joined.length === 1 && name?.joined.startsWith(initial.joined) === true
}

function compareFamilyNames(a: PersonName | undefined, b: PersonName | undefined): FamilyNameLevel {
  if (a === undefined || b === undefined) return 'missing'
  const likeness = compareWords(a, b)
  if (likeness === 'exact' || likeness === 'near') return likeness
  return sharesPart(a, b) || isCutOff(a, b) || isCutOff(b, a) ? 'part' : likeness
}

function sharesPart(a: PersonName, b: PersonName): boolean {
  if (a.words.length === 1 && b.words.length === 1) return false
  const isPart = (word: string) => word.length > 2 && !isParticle(word)
  return a.words.some(
    (word) => isPart(word) && b.words.some((other) => isPart(other) && (word === other || areNear(word, other))),
  )
}

/** Columns end after so many letters. */
function isCutOff(short: PersonName, long: PersonName): boolean {
  return short.joined.length >= 6 && short.joined.length < long.joined.length && long.joined.startsWith(short.joined)
}

/** Of middle names, which are often one letter. */
function compareMiddleNames(a: PersonName | undefined, b: PersonName | undefined): MiddleNameLevel {
  if (a === undefined || b === undefined) return 'missing'
  if (a.joined === b.joined) return 'exact'
  const shortest = Math.min(a.joined.length, b.joined.length)
  if (shortest === 1) return a.joined[0] === b.joined[0] ? 'initial' : 'different'
  return isNear(a, b) || areForms(a, b) ? 'near' : 'different'
}
