import { createRandom } from '../../simulators/oneroster-package/invented-people.ts'
import { corruptions, mistype, type CorruptionName } from './corrupt.ts'
import {
  inventBirthDate,
  deriveGrade,
  inventHome,
  inventPupil,
  letters,
  type DistrictHabits,
  type Home,
  type Pupil,
} from './invent-families.ts'
import { pick, type Random } from './names.ts'

export type TrapKind = 'twin' | 'sibling' | 'namesake' | 'lookalike' | 'sharesContacts'

export type IncomingCase = {
  readonly pupil: Pupil
  /** Index of the held person this is; null for somebody new. */
  readonly held: number | null
  readonly trap: TrapKind | null
  readonly corruptions: readonly string[]
}

export type MatchingCases = { readonly held: readonly Pupil[]; readonly incoming: readonly IncomingCase[] }

export type Variant = {
  readonly habits: Omit<DistrictHabits, 'schoolCount' | 'placeCount'>
  /** So many of the held go to one school, and live in one postal code. */
  readonly schoolSize: number
  readonly placeSize: number
  /** How often each corruption is tried, as weights. */
  readonly mix: Readonly<Partial<Record<CorruptionName, number>>>
  /** Share of duplicates that keep the user name although the ids are new. */
  readonly keptUsernameShare: number
}

/**
 * A district with known truth: so many held students of families, and incoming ones of whom half are held (with new
 * ids and one to three corruptions) and half are new, six in ten of these being traps: twins and siblings of held
 * students, the same name with another birth date, the same birth date with a similar name. Same seed, same people.
 */
export function makeCases(request: { held: number; incoming: number; seed: number; variant: Variant }): MatchingCases {
  const { variant, seed } = request
  const habits: DistrictHabits = {
    ...variant.habits,
    schoolCount: Math.ceil(request.held / variant.schoolSize),
    placeCount: Math.ceil(request.held / variant.placeSize),
  }
  const random = createRandom(seed, 1)
  const held: Pupil[] = []
  const homes: Home[] = []
  const keep = (home: Home, pupil: Pupil) => {
    held.push(pupil)
    homes.push(home)
  }
  while (held.length < request.held) {
    const home = inventHome(habits, random)
    const children = 1 + (random() < 0.45 ? 1 : 0) + (random() < 0.15 ? 1 : 0)
    for (let child = 0; child < children; child += 1) {
      const pupil = inventPupil(habits, home, random)
      keep(home, pupil)
      if (random() < 0.015) keep(home, twinOf(habits, home, pupil, random))
    }
  }
  held.length = request.held
  const chosen = new Set<number>()
  const chooseHeld = (): number => {
    for (;;) {
      const index = Math.floor(random() * held.length)
      if (chosen.has(index)) continue
      chosen.add(index)
      return index
    }
  }
  const incoming = Array.from({ length: request.incoming }, (_, number): IncomingCase => {
    if (number % 2 === 0) return corruptCopy(variant, habits, held, chooseHeld(), random)
    if (random() >= 0.6) {
      return { pupil: inventPupil(habits, inventHome(habits, random), random), held: null, trap: null, corruptions: [] }
    }
    const index = chooseHeld()
    const trap = pick(['twin', 'sibling', 'namesake', 'lookalike'] as const, random)
    return {
      pupil: setTrap(trap, habits, at(homes, index), at(held, index), random),
      held: null,
      trap,
      corruptions: [],
    }
  })
  return { held, incoming }
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index]
  if (item === undefined) throw new RangeError('no such item')
  return item
}

function corruptCopy(
  variant: Variant,
  habits: DistrictHabits,
  held: readonly Pupil[],
  index: number,
  random: Random,
): IncomingCase {
  const weights = Object.entries(variant.mix) as [CorruptionName, number][] // the keys are those of the mix
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0)
  let pupil: Pupil = { ...at(held, index) }
  if (random() >= variant.keptUsernameShare) pupil = { ...pupil, username: newUsername(pupil, random) }
  const wanted = 1 + Math.floor(random() * 3)
  const done: CorruptionName[] = []
  while (done.length < wanted) {
    let left = random() * total
    const name = weights.find(([, weight]) => (left -= weight) < 0)?.[0]
    if (name === undefined || done.includes(name)) continue
    const changes = corruptions[name](pupil, random, habits)
    if (changes === undefined) continue
    pupil = { ...pupil, ...changes }
    done.push(name)
  }
  return { pupil, held: index, trap: null, corruptions: done }
}

function newUsername(pupil: Pupil, random: Random): string {
  return `${letters(String(pupil['givenName'])).slice(0, 3)}${letters(String(pupil['familyName'])).slice(0, 5)}${Math.floor(random() * 10_000)}`
}

function setTrap(
  trap: Exclude<TrapKind, 'sharesContacts'>,
  habits: DistrictHabits,
  home: Home,
  like: Pupil,
  random: Random,
): Pupil {
  switch (trap) {
    case 'twin':
      return twinOf(habits, home, like, random)
    case 'sibling': {
      const pupil = inventPupil(habits, home, random)
      return pupil['givenName'] === like['givenName'] ? { ...pupil, givenName: 'Xanthe' } : pupil
    }
    case 'namesake': {
      const birthDate = inventBirthDate(random)
      const other = inventPupil(habits, inventHome(habits, random), random, birthDate)
      return {
        ...other,
        givenName: valueOf(like, 'givenName'),
        familyName: valueOf(like, 'familyName'),
        sex: valueOf(like, 'sex'),
      }
    }
    case 'lookalike': {
      const other = inventPupil(habits, inventHome(habits, random), random)
      const born = valueOf(like, 'birthDate')
      const grade = born === null ? {} : deriveGrade(String(born))
      const names =
        random() < 0.5
          ? {
              givenName: valueOf(like, 'givenName'),
              familyName: mistype(mistype(String(like['familyName']), random), random),
            }
          : {
              givenName: mistype(mistype(String(like['givenName']), random), random),
              familyName: valueOf(like, 'familyName'),
            }
      return { ...other, ...names, birthDate: born, sex: valueOf(like, 'sex'), ...grade }
    }
  }
}

function valueOf(pupil: Pupil, field: string): string | number | null {
  return pupil[field] ?? null
}

/** Same birth date, family name, home, e-mail and phone; another given name. */
function twinOf(habits: DistrictHabits, home: Home, pupil: Pupil, random: Random): Pupil {
  const born = pupil['birthDate']
  for (;;) {
    const twin = inventPupil(habits, home, random, born === null ? inventBirthDate(random) : String(born))
    if (twin['givenName'] === pupil['givenName']) continue
    return {
      ...twin,
      schoolId: valueOf(pupil, 'schoolId'),
      email: valueOf(pupil, 'email'),
      birthDate: valueOf(pupil, 'birthDate'),
    }
  }
}
