import { assembleCases, rewriteSome, type Member, type People } from '../assemble-cases.ts'
import { mistype } from '../corrupt.ts'
import type { Pupil } from '../invent-families.ts'
import type { MatchingCases } from '../make-cases.ts'
import type { Random } from '../names.ts'
import { damageMix, damages, type DamageName } from './damage.ts'
import {
  gradeOf,
  inventBirthDate,
  inventChild,
  inventHousehold,
  inventTwin,
  type Household,
} from './invent-households.ts'

/**
 * A district whose offices keep spreadsheets. Every row that comes in is from one of a dozen sheets with habits of their
 * own (capitals, no middle names, no ids), and is damaged further: a duplicate once to three times, one in three of the
 * new ones once.
 */
export function makeClerksCases(request: { held: number; incoming: number; seed: number }): MatchingCases {
  return assembleCases<Household>(request, makeClerks)
}

function makeClerks(random: Random, heldCount: number): People<Household> {
  const schoolCount = Math.max(2, Math.ceil(heldCount / 700))
  const offices = Array.from(
    { length: schoolCount },
    () => `(413) 555-${String(Math.floor(random() * 10_000)).padStart(4, '0')}`,
  )
  const damage = (name: DamageName, pupil: Pupil, neighbour: () => Pupil): Pupil | undefined => {
    const changes = damages[name](pupil, random, neighbour)
    if (changes === undefined) return undefined
    const rewritten: Pupil = { ...pupil, ...changes }
    const schoolId = Number(rewritten['schoolId']) % schoolCount
    return { ...rewritten, schoolId }
  }
  const damageTimes = (pupil: Pupil, wanted: number, neighbour: () => Pupil) =>
    rewriteSome(
      applySheet(pupil, random),
      {
        wanted,
        weights: damageMix,
        mixColumns: ['swappedColumns', 'oneColumn'],
        rewrite: (name: DamageName, row) => damage(name, row, neighbour),
      },
      random,
    )
  const invent = (household: Household, born?: string) => inventChild(household, schoolCount, random, born)
  const inventFamily = (): Member<Household>[] => {
    const home = inventHousehold(schoolCount, random)
    const count = 1 + Math.floor(random() ** 2 * 3.6)
    return Array.from({ length: count }, () => ({ home, pupil: invent(home) }))
      .flatMap((member) => [
        member,
        ...(random() < 0.016 ? [{ home, pupil: inventTwin(member, schoolCount, random) }] : []),
        // One child in thirty has no number of its own on the card, but that of the office.
      ])
      .map(({ pupil, ...member }) => ({
        ...member,
        pupil: random() < 0.03 ? { ...pupil, phone: offices[Number(pupil['schoolId'])] ?? null } : pupil,
      }))
  }
  const inventStranger = () => invent(inventHousehold(schoolCount, random))
  return {
    inventFamily,
    inventStranger,
    traps: {
      twin: (like) => inventTwin(like, schoolCount, random),
      sibling: ({ home, pupil }) => {
        for (;;) {
          const sibling = invent(home)
          if (sibling['birthDate'] !== pupil['birthDate']) return sibling
        }
      },
      namesake: ({ pupil }) => ({
        ...invent(inventHousehold(schoolCount, random), inventBirthDate(random)),
        ...namesOf(pupil),
      }),
      lookalike: ({ pupil }) => lookLike(pupil, inventStranger(), random),
      sharesContacts: ({ pupil }) => ({
        ...inventStranger(),
        schoolId: pupil['schoolId'] ?? null,
        phone: random() < 0.7 ? (offices[Number(pupil['schoolId'])] ?? null) : (pupil['phone'] ?? null),
      }),
    },
    rewriteDuplicate: (pupil, _random, neighbour) => damageTimes(pupil, 1 + Math.floor(random() * 3), neighbour),
    rewriteNew: (pupil, _random, neighbour) => damageTimes(pupil, random() < 0.67 ? 0 : 1, neighbour),
  }
}

function namesOf(pupil: Pupil): Pupil {
  return { givenName: pupil['givenName'] ?? '', familyName: pupil['familyName'] ?? '', sex: pupil['sex'] ?? null }
}

/** Of the same day, and with one of the names like the other's. */
function lookLike(pupil: Pupil, stranger: Pupil, random: Random): Pupil {
  const field = random() < 0.5 ? 'familyName' : 'givenName'
  const names = namesOf(pupil)
  const birthDate = pupil['birthDate'] ?? null
  return {
    ...stranger,
    ...names,
    [field]: random() < 0.5 ? mistype(mistype(String(names[field]), random), random) : (stranger[field] ?? ''),
    birthDate,
    ...(birthDate !== null && gradeOf(String(birthDate))),
  }
}

/** Columns that a sheet does not have, and how it writes those that it has. The sheet's number is drawn by row. */
function applySheet(pupil: Pupil, random: Random): Pupil {
  const sheet = Math.floor(random() * 12)
  const upper = (field: string) => String(pupil[field] ?? '').toUpperCase()
  return {
    ...pupil,
    // Ids are what a new system does not bring along.
    username: null,
    stateId: sheet < 3 ? (pupil['stateId'] ?? null) : null,
    ...(sheet % 3 === 0 && { givenName: upper('givenName'), familyName: upper('familyName') }),
    ...(sheet % 4 === 1 && { middleName: null }),
    ...(sheet === 2 && { middleName: String(pupil['middleName'] ?? '').charAt(0) || null }),
    ...(sheet === 5 && { street: null, city: null, postalCode: null }),
    ...(sheet === 6 && { email: null }),
    ...(sheet === 7 && { homeLanguage: null, sex: null }),
    ...(sheet === 8 &&
      pupil['street'] !== null && {
        street: String(pupil['street'])
          .replace(/ Unit (\d+)/, ' #$1')
          .replace('Street', 'St.')
          .replace('Avenue', 'Av'),
      }),
  }
}
