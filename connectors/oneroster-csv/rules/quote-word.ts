import { countTypingErrors } from '../../../domain/matching/names/edit-distance.ts'

/**
 * The word in quotes if it is one of the list, or one with a typing error: told to whoever reads findings. Undefined for
 * whatever else. In a row that is shifted by a column a name stands in the place of the word, and not everybody who
 * reads findings may see names.
 */
export function quoteWord(word: string, known: readonly string[]): string | undefined {
  const bare = toLetters(word)
  const isMeant = known.some((one) => {
    const candidate = toLetters(one)
    const max = mostErrors(candidate)
    return countTypingErrors(bare, candidate, max) <= max
  })
  return isMeant && /^[\w: .-]{1,60}$/.test(word) ? `"${word}"` : undefined
}

/** Capitals, blanks and signs are how a word is written, not which one it is. */
function toLetters(word: string): string {
  return word.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
}

/** In a short word one error leads to a name: `aide` and Aida. */
function mostErrors(word: string): number {
  return word.length < 6 ? 0 : word.length < 9 ? 1 : 2
}
