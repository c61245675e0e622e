import type { Person, PersonName } from '../person.ts'
import { isParticle } from './rearranged-names.ts'

/** A given and a family name, folded, under which a person may be held. */
export type NameVariant = { readonly given: string; readonly family: string }

/** Many words in one column are seldom names. */
const mostVariants = 24

/**
 * Names under which somebody may be held: as they stand, with the middle name as first name, with one word of
 * several, and each of these with given and family name swapped; at most two dozen, the likely ones first.
 */
export function listNameVariants({ given, middle, family }: Person): NameVariant[] {
  const firsts = [...new Set([...wholeAndWords(given), ...wholeAndWords(middle)])]
  const lasts = wholeAndWords(family)
  const straight = firsts.flatMap((first) => lasts.map((last) => ({ given: first, family: last })))
  const swapped = straight.map((variant) => ({ given: variant.family, family: variant.given }))
  return straight.flatMap((variant, index) => [variant, ...swapped.slice(index, index + 1)]).slice(0, mostVariants)
}

/** The name in one word, and the first and the last of its words. */
function wholeAndWords(name: PersonName | undefined): string[] {
  if (name === undefined) return []
  const words = name.words.filter((word) => word.length > 2 && !isParticle(word))
  return [...new Set([name.joined, ...words.slice(0, 1), ...words.slice(-1)])]
}
