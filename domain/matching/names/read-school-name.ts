import { countTypingErrors } from './edit-distance.ts'
import { foldWords } from './fold-text.ts'

export type SchoolLevel = 'elementary' | 'middle' | 'high'

/** What tells one school of a district from the next: the words that are its own, and how old its pupils are. */
export type SchoolName = { readonly words: readonly string[]; readonly level: SchoolLevel | undefined }

const longForms: Readonly<Record<string, readonly string[]>> = {
  hs: ['high'],
  jhs: ['middle'],
  jr: ['junior'],
  shs: ['high'],
  sr: ['high'],
  senior: ['high'],
  secondary: ['high'],
  ms: ['middle'],
  intermediate: ['middle'],
  es: ['elementary'],
  el: ['elementary'],
  elem: ['elementary'],
  primary: ['elementary'],
  grammar: ['elementary'],
  acad: ['academy'],
  ctr: ['center'],
  centre: ['center'],
  st: ['saint'],
  mt: ['mount'],
  mtn: ['mountain'],
  ft: ['fort'],
  n: ['north'],
  s: ['south'],
  e: ['east'],
  w: ['west'],
}
const levels: ReadonlySet<string> = new Set<SchoolLevel>(['elementary', 'middle', 'high'])
const empty: ReadonlySet<string> = new Set(['school', 'schools', 'sch', 'the', 'of', 'and', 'at', 'public', 'junior'])

export function readSchoolName(name: string): SchoolName {
  const all = foldWords(name).flatMap((word) => longForms[word] ?? [word])
  const isJunior = all.includes('junior')
  const found = all.filter((word) => levels.has(word))
  const level = isJunior ? 'middle' : toLevel(found)
  return { words: all.filter((word) => !levels.has(word) && !empty.has(word)), level }
}

/** Of a school that says two ("middle and high school") neither speaks against another one. */
function toLevel(found: readonly string[]): SchoolLevel | undefined {
  const [level, ...others] = new Set(found)
  return others.length > 0 ? undefined : (level as SchoolLevel | undefined) // found among the levels
}

/** From 0 to 1; 0 too where the levels contradict each other: Lincoln Elementary is not Lincoln High. */
export function compareSchoolNames(a: SchoolName, b: SchoolName): number {
  if (a.level !== undefined && b.level !== undefined && a.level !== b.level) return 0
  if (a.words.length === 0 || b.words.length === 0) return 0
  const open = [...b.words]
  let common = 0
  for (const word of a.words) {
    const same = open.indexOf(word)
    const at = same >= 0 ? same : open.findIndex((other) => isMistyped(word, other))
    if (at < 0) continue
    common += same >= 0 ? 1 : 0.95
    open.splice(at, 1)
  }
  const likeness = (2 * common) / (a.words.length + b.words.length)
  return a.level === b.level ? likeness : likeness * 0.95
}

/** A number is never mistyped for the next one, nor a short word: East is not West. */
function isMistyped(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length)
  if (length < 5 || /\d/.test(a + b)) return false
  const most = length < 8 ? 1 : 2
  return countTypingErrors(a, b, most) <= most
}
