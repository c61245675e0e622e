import { deriveSound } from './derive-sound.ts'
import { foldWords } from './fold-text.ts'
import type { PersonName } from '../person.ts'

/** The texts of a record's names; blank where it has none. */
export type WrittenNames = {
  readonly given: string
  readonly middle: string
  readonly preferred: string
  readonly family: string
}

export type ReadNames = Readonly<Record<keyof WrittenNames, PersonName | undefined>>

/** What is added to a family name to tell father and son apart is no part of it. */
const generations = new Set(['jr', 'sr', 'ii', 'iii', 'iv', 'junior', 'senior'])

/**
 * Takes names out of the columns they were written into: `Lopez, Maria` in either column is a family and a given name,
 * `Katherine (Kate)` is called Kate, and a given name that repeats the family name is the whole name.
 */
export function readNames(written: WrittenNames): ReadNames {
  const [given, called] = takeOutBrackets(written.given)
  const [family] = takeOutBrackets(written.family)
  const familyWords = dropGenerations(foldWords(beforeComma(family)))
  const [beforeGiven, ...afterGiven] = given.split(',')
  // `Lopez, Maria` in the column of the given name; what follows the comma elsewhere is a title or a remark.
  const isWhole = afterGiven.length > 0 && areSame(dropGenerations(foldWords(beforeGiven ?? '')), familyWords)
  const givenWords = foldWords(isWhole ? afterGiven.join(' ') : given)
  const ownWords = givenWords.filter((word) => !familyWords.includes(word))
  return {
    given: nameOf(givenWords.length > 1 && ownWords.length > 0 ? ownWords : givenWords, written.given),
    middle: nameOf(foldWords(written.middle), written.middle),
    preferred: nameOf(foldWords(written.preferred || called), written.preferred || called),
    family: nameOf(familyWords, written.family),
  }
}

/** The text without what stands in brackets, and what stands there. */
function takeOutBrackets(text: string): [text: string, inBrackets: string] {
  if (!text.includes('(')) return [text, '']
  const rest = text.replace(/\([^)]*\)?/g, ' ')
  // Nothing but a remark is better than nothing.
  return rest.trim() === '' ? [text, ''] : [rest, /\(([^)]*)/.exec(text)?.[1] ?? '']
}

function beforeComma(text: string): string {
  const end = text.indexOf(',')
  return end > 0 ? text.slice(0, end) : text
}

function dropGenerations(words: readonly string[]): string[] {
  return words.filter((word, index) => index === 0 || !generations.has(word))
}

function areSame(a: readonly string[], b: readonly string[]): boolean {
  return a.join('') === b.join('')
}

const consonantScript = /[\p{Script=Arabic}\p{Script=Hebrew}]/u

function nameOf(words: readonly string[], text: string): PersonName | undefined {
  if (words.length === 0) return undefined
  const joined = words.join('')
  const name = { words, joined, sound: deriveSound(joined) }
  return consonantScript.test(text) ? { ...name, isConsonants: true } : name
}
