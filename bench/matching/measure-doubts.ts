import { students } from '../../domain/data-types/students.ts'
import { isDoubtful, type KeyAgreement } from '../../domain/matching/doubt-match.ts'
import { foldText } from '../../domain/matching/names/fold-text.ts'
import { matchingAspects, type AspectValues } from '../../domain/matching/matching-aspects.ts'
import { readPerson } from '../../domain/matching/person.ts'
import { scoreCandidate, type Frequencies } from '../../domain/matching/score-candidate.ts'
import type { Pupil } from './invent-families.ts'
import { people, peopleNames, type PeopleName } from './people.ts'

export type DoubtsBench = {
  readonly seed: number
  readonly results: readonly {
    readonly data: PeopleName
    /** True updates: the same person under the same key, with one to three of her values changed. */
    readonly updates: number
    /** Of 1,000 of them, asked about needlessly. */
    readonly askedPerThousand: number
    /** The same where her other key is another one. */
    readonly askedPerThousandOfNewKeys: number
    /** Shares of those found out who come under the key of a sibling, a twin, a stranger. */
    readonly found: Readonly<Record<'sibling' | 'twin' | 'stranger', number | null>>
  }[]
}

/**
 * Measures how many true updates are asked about because an exact key is doubted, and how many of those are found out who
 * come under somebody else's key. No database: it is the comparison alone.
 */
export function runDoubtsBench(request: {
  readonly held: number
  readonly incoming: number
  readonly seed: number
}): DoubtsBench {
  const results = peopleNames.map((data) => {
    const { held, incoming } = people[data](request)
    const judge = createJudge(held)
    const updates = incoming.flatMap(({ pupil, held: index }) => {
      const before = index === null ? undefined : held[index]
      // In one system an account outlives a change of values.
      return before === undefined ? [] : [{ before, after: { ...pupil, username: before['username'] ?? null } }]
    })
    const isAsked = (agreement: KeyAgreement) =>
      updates.filter(({ before, after }) => judge(after, before, agreement)).length
    const perThousand = (count: number) => Math.round((count / updates.length) * 10_000) / 10
    const share = (pairs: readonly (readonly [Pupil, Pupil])[]) =>
      pairs.length === 0 ? null : pairs.filter(([after, before]) => judge(after, before, 'agree')).length / pairs.length
    const { siblings, twins } = findRelatives(held)
    return {
      data,
      updates: updates.length,
      askedPerThousand: perThousand(isAsked('agree')),
      askedPerThousandOfNewKeys: perThousand(isAsked('disagree')),
      found: { sibling: share(siblings), twin: share(twins), stranger: share(pairStrangers(held)) },
    }
  })
  return { seed: request.seed, results }
}

function createJudge(held: readonly Pupil[]) {
  const count = (field: string, read: (value: string) => string) => {
    const counts = new Map<string, number>()
    for (const pupil of held) {
      const value = read(String(pupil[field] ?? ''))
      counts.set(value, (counts.get(value) ?? 0) + 1)
    }
    return (value: string) => counts.get(value) ?? 0
  }
  const frequencies: Frequencies = {
    heldCount: held.length,
    countGivenName: count('givenName', foldText),
    countFamilyName: count('familyName', foldText),
    countSchool: count('schoolId', String),
  }
  return (after: Pupil, before: Pupil, agreement: KeyAgreement) =>
    isDoubtful(
      scoreCandidate(readPerson(toAspects(after)), readPerson(toAspects(before)), frequencies),
      held.length,
      agreement,
    )
}

function toAspects(pupil: Pupil): AspectValues {
  const fields: Readonly<Record<string, string>> = students.matching
  return Object.fromEntries(matchingAspects.map((aspect) => [aspect, pupil[fields[aspect] ?? ''] ?? null]))
}

/** Neighbours in the list who live in one home, which are brothers and sisters. */
function findRelatives(held: readonly Pupil[]) {
  const siblings: (readonly [Pupil, Pupil])[] = []
  const twins: (readonly [Pupil, Pupil])[] = []
  for (const [index, one] of held.entries()) {
    const other = held[index + 1]
    const home = one['street'] ?? one['phone'] ?? null
    if (other === undefined || home === null || home !== (other['street'] ?? other['phone'])) continue
    if (one['familyName'] !== other['familyName'] || one['givenName'] === other['givenName']) continue
    if (one['birthDate'] === null || other['birthDate'] === null) continue
    ;(one['birthDate'] === other['birthDate'] ? twins : siblings).push([other, one])
  }
  return { siblings, twins }
}

/** Of the same grade, because an id is mostly given to the next pupil of a class. */
function pairStrangers(held: readonly Pupil[]): (readonly [Pupil, Pupil])[] {
  const half = Math.floor(held.length / 2)
  return held.slice(0, half).flatMap((one, index) => {
    const other = held[index + half]
    return other === undefined || one['familyName'] === other['familyName'] ? [] : [[other, one] as const]
  })
}
