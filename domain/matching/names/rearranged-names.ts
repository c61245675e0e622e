import type { Person } from '../person.ts'
import { areNear } from './compare-words.ts'

/** Little words that many family names begin with; having one in common says nothing. */
const particles = new Set(
  'de la las los del da das do dos di du le van von der den dem zu al el bin ibn abu san santa st mac mc'.split(' '),
)

export function isParticle(word: string): boolean {
  return particles.has(word)
}

/**
 * True for two whole names of the same words in another order: the family name first, a name cut into columns at another
 * place, one of two family names or the middle name left out. All words of the shorter are in the longer, two of them at
 * least and one of these letter by letter.
 */
export function areRearranged(a: Person, b: Person): boolean {
  const [short, long] = [listWords(a), listWords(b)].sort((one, other) => one.length - other.length)
  if (short === undefined || long === undefined || short.length < 2) return false
  const left = [...long]
  let exact = 0
  for (const word of short) {
    const same = left.indexOf(word)
    const index = same >= 0 ? same : left.findIndex((other) => areNear(word, other))
    if (index < 0) return false
    if (same >= 0) exact += 1
    left.splice(index, 1)
  }
  return exact > 0
}

function listWords({ given, middle, family }: Person): string[] {
  return [given, middle, family]
    .flatMap((name) => name?.words ?? [])
    .filter((word) => word.length > 1 && !particles.has(word))
}
