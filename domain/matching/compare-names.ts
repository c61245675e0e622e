import type { Person, PersonName } from './person.ts'
import { countTypingErrors, measureLikeness } from './edit-distance.ts'
import { areFormsOfOneName } from './nicknames.ts'

/**
 * How far two given names agree. `nickname`: two forms of one name, or the name she goes by. `near`: one typing error, or
 * the same sound. `short`: one of several words, an initial, the beginning. `middle`: it is the other's middle name.
 * `similar`: more than one error lies between them, and yet they are alike. `swapped`: it is the other's family name.
 */
export type GivenNameLevel =
  'exact' | 'nickname' | 'near' | 'short' | 'middle' | 'similar' | 'swapped' | 'different' | 'missing'

/** `part`: a part of a double or hyphenated name is the same. The others as above. */
export type FamilyNameLevel = 'exact' | 'part' | 'near' | 'similar' | 'swapped' | 'different' | 'missing'

export type MiddleNameLevel = 'exact' | 'initial' | 'near' | 'different' | 'missing'

/** Levels of given and family name together, because only together can they be swapped. */
export function compareNames(a: Person, b: Person): { given: GivenNameLevel; family: FamilyNameLevel } {
  const given = compareGivenNames(a, b)
  const family = compareFamilyNames(a.family, b.family)
  if (agrees[given] || agrees[family] || !isCrossed(a, b)) return { given, family }
  return { given: 'swapped', family: 'swapped' }
}

const agrees: Readonly<Record<string, boolean>> = { exact: true, nickname: true, near: true, part: true }

/** One of the two is exactly the other's, and the second at most one error away. */
function isCrossed(a: Person, b: Person): boolean {
  const one = compareWords(a.given, b.family)
  const other = compareWords(b.given, a.family)
  const isAtMostNear = (likeness: WordLikeness) => likeness === 'exact' || likeness === 'near'
  return isAtMostNear(one) && isAtMostNear(other) && (one === 'exact' || other === 'exact')
}

function compareGivenNames(a: Person, b: Person): GivenNameLevel {
  if (a.given === undefined || b.given === undefined) return 'missing'
  const likeness = compareWords(a.given, b.given)
  if (likeness === 'exact') return 'exact'
  if (areForms(a.given, b.given) || isCalled(a, b.given) || isCalled(b, a.given)) return 'nickname'
  if (likeness === 'near') return 'near'
  if (isShortFor(a.given, b.given) || isShortFor(b.given, a.given)) return 'short'
  if (isSame(a.given, b.middle) || isSame(b.given, a.middle)) return 'middle'
  return likeness
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

function isSame(a: PersonName, b: PersonName | undefined): boolean {
  return b !== undefined && a.joined.length > 1 && (a.joined === b.joined || b.words.includes(a.joined))
}

function compareFamilyNames(a: PersonName | undefined, b: PersonName | undefined): FamilyNameLevel {
  if (a === undefined || b === undefined) return 'missing'
  const likeness = compareWords(a, b)
  if (likeness === 'exact' || likeness === 'near') return likeness
  return sharesPart(a, b) ? 'part' : likeness
}

/** Little words that many family names begin with; having one in common says nothing. */
const particles = new Set(
  'de la las los del da das do dos di du le van von der den dem zu al el bin ibn abu san santa st mac mc'.split(' '),
)

function sharesPart(a: PersonName, b: PersonName): boolean {
  if (a.words.length === 1 && b.words.length === 1) return false
  const isPart = (word: string) => word.length > 2 && !particles.has(word)
  return a.words.some(
    (word) => isPart(word) && b.words.some((other) => isPart(other) && (word === other || areNear(word, other))),
  )
}

/** Of middle names, which are often one letter. */
export function compareMiddleNames(a: PersonName | undefined, b: PersonName | undefined): MiddleNameLevel {
  if (a === undefined || b === undefined) return 'missing'
  if (a.joined === b.joined) return 'exact'
  const shortest = Math.min(a.joined.length, b.joined.length)
  if (shortest === 1) return a.joined[0] === b.joined[0] ? 'initial' : 'different'
  return isNear(a, b) || areForms(a, b) ? 'near' : 'different'
}

type WordLikeness = 'exact' | 'near' | 'similar' | 'different'

function compareWords(a: PersonName | undefined, b: PersonName | undefined): WordLikeness {
  if (a === undefined || b === undefined) return 'different'
  if (a.joined === b.joined) return 'exact'
  if (isNear(a, b)) return 'near'
  const errors = Math.max(a.joined.length, b.joined.length) >= 5 ? 2 : 1
  const isSimilar =
    countTypingErrors(a.joined, b.joined, errors) <= errors || measureLikeness(a.joined, b.joined) >= 0.86
  return isSimilar ? 'similar' : 'different'
}

/** One typing error, two in a long name, or the same sound in other letters. In three letters an error makes another name. */
function isNear(a: PersonName, b: PersonName): boolean {
  return areNear(a.joined, b.joined) || soundsLike(a, b)
}

function areNear(a: string, b: string): boolean {
  const shortest = Math.min(a.length, b.length)
  if (shortest < 4) return false
  const errors = shortest >= 8 ? 2 : 1
  return countTypingErrors(a, b, errors) <= errors
}

function soundsLike(a: PersonName, b: PersonName): boolean {
  const isShort = Math.min(a.joined.length, b.joined.length) < 4
  return !isShort && a.sound === b.sound && a.sound.length > 2 && Math.abs(a.joined.length - b.joined.length) <= 2
}
