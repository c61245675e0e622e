import type { PersonName } from '../person.ts'
import { countTypingErrors, measureLikeness } from './edit-distance.ts'
import { deriveShape } from './misread-letters.ts'

export type WordLikeness = 'exact' | 'near' | 'similar' | 'different'

/** How alike two names are as they are written and as they sound; `different` where one is missing. */
export function compareWords(a: PersonName | undefined, b: PersonName | undefined): WordLikeness {
  if (a === undefined || b === undefined) return 'different'
  if (a.joined === b.joined) return 'exact'
  if (isNear(a, b)) return 'near'
  const errors = Math.max(a.joined.length, b.joined.length) >= 5 ? 2 : 1
  const isSimilar =
    countTypingErrors(a.joined, b.joined, errors) <= errors || measureLikeness(a.joined, b.joined) >= 0.86
  return isSimilar ? 'similar' : 'different'
}

/** One typing error, two in a long name, letters misread, or the same sound in other letters. In three letters an error makes another name. */
export function isNear(a: PersonName, b: PersonName): boolean {
  return areNear(a.joined, b.joined) || soundsLike(a, b)
}

/** The same of single folded words, whose sound is not looked at. */
export function areNear(a: string, b: string): boolean {
  const shortest = Math.min(a.length, b.length)
  if (shortest < 4) return false
  const errors = shortest >= 8 ? 2 : 1
  if (countTypingErrors(a, b, errors) <= errors) return true
  return Math.abs(a.length - b.length) <= 2 && deriveShape(a) === deriveShape(b)
}

function soundsLike(a: PersonName, b: PersonName): boolean {
  if (a.sound !== b.sound) return false
  const difference = Math.abs(a.joined.length - b.joined.length)
  // Where hardly a vowel is written, the consonants are the name.
  if (a.isConsonants === true || b.isConsonants === true) return a.sound.length > 1 && difference <= 5
  return Math.min(a.joined.length, b.joined.length) >= 4 && a.sound.length > 2 && difference <= 2
}
