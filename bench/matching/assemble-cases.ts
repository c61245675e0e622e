import { isDeepStrictEqual } from 'node:util'
import { createRandom } from '../../simulators/oneroster-package/invented-people.ts'
import type { Pupil } from './invent-families.ts'
import type { IncomingCase, MatchingCases, TrapKind } from './make-cases.ts'
import { pick, type Random } from './names.ts'

/** A pupil, and what her relatives would have in common with her. */
export type Member<Home> = { readonly home: Home; readonly pupil: Pupil }

/** What happens to the values of one incoming record, by name, in the order in which it happened. */
export type Rewritten = { readonly pupil: Pupil; readonly corruptions: readonly string[] }

/** One kind of invented district: who lives there, and what people make of their records. */
export type People<Home> = {
  /** The children of one home, twins among them. */
  readonly inventFamily: (random: Random) => readonly Member<Home>[]
  /** Somebody of no home that is known. */
  readonly inventStranger: (random: Random) => Pupil
  readonly traps: Readonly<Partial<Record<TrapKind, (like: Member<Home>, random: Random) => Pupil>>>
  /** A second record of one person; every one differs in something. */
  readonly rewriteDuplicate: (pupil: Pupil, random: Random, neighbour: () => Pupil) => Rewritten
  /** What the same hands do to a record of somebody new: the sheets do not know who is held. */
  readonly rewriteNew: (pupil: Pupil, random: Random, neighbour: () => Pupil) => Rewritten
}

/**
 * A district with known truth, in the proportions of makeCases: half of the incoming records are held under another id,
 * and six in ten of the others are traps. Unlike there, the hands that damage a duplicate damage the others, too.
 */
export function assembleCases<Home>(
  request: { readonly held: number; readonly incoming: number; readonly seed: number },
  makePeople: (random: Random, heldCount: number) => People<Home>,
): MatchingCases {
  const random = createRandom(request.seed, 2)
  const people = makePeople(random, request.held)
  const members: Member<Home>[] = []
  while (members.length < request.held) members.push(...people.inventFamily(random))
  members.length = request.held
  const chosen = new Set<number>()
  const chooseHeld = (): number => {
    for (;;) {
      const index = Math.floor(random() * members.length)
      if (chosen.has(index)) continue
      chosen.add(index)
      return index
    }
  }
  const neighbour = () => pick(members, random).pupil
  const kinds = Object.keys(people.traps) as TrapKind[] // the keys of the record of traps
  const incoming = Array.from({ length: request.incoming }, (_, number): IncomingCase => {
    if (number % 2 === 0) {
      const held = chooseHeld()
      const { pupil } = at(members, held)
      // What one hand did another may have taken back: a name spelled anew loses its typing error.
      let rewritten = people.rewriteDuplicate(pupil, random, neighbour)
      while (isDeepStrictEqual(rewritten.pupil, pupil)) rewritten = people.rewriteDuplicate(pupil, random, neighbour)
      return { ...rewritten, held, trap: null }
    }
    const trap = random() < 0.6 ? pick(kinds, random) : null
    const invent = trap === null ? undefined : people.traps[trap]
    const pupil = invent === undefined ? people.inventStranger(random) : invent(at(members, chooseHeld()), random)
    return { ...people.rewriteNew(pupil, random, neighbour), held: null, trap }
  })
  return { held: members.map(({ pupil }) => pupil), incoming }
}

/** One of several by weight, as `{ nickname: 3, typo: 1 }`. */
export function pickWeighted<Name extends string>(weights: Readonly<Record<Name, number>>, random: Random): Name {
  const entries = Object.entries(weights) as [Name, number][] // the keys are those of the record
  let left = random() * entries.reduce((sum, [, weight]) => sum + weight, 0)
  const name = entries.find(([, weight]) => (left -= weight) < 0)?.[0] ?? entries.at(-1)?.[0]
  if (name === undefined) throw new RangeError('nothing to pick from')
  return name
}

export type RewritePlan<Name extends string> = {
  readonly wanted: number
  readonly weights: Readonly<Record<Name, number>>
  /** After one of these the columns of the names hold something else, and nothing more is done to them. */
  readonly mixColumns: readonly Name[]
  readonly rewrite: (name: Name, pupil: Pupil) => Pupil | undefined
}

/** So many different ones of the rewritings that can happen to a pupil, one upon the other. */
export function rewriteSome<Name extends string>(pupil: Pupil, plan: RewritePlan<Name>, random: Random): Rewritten {
  const done: Name[] = []
  let rewritten = pupil
  while (done.length < plan.wanted) {
    const name = pickWeighted(plan.weights, random)
    if (done.includes(name)) continue
    const next = plan.rewrite(name, rewritten)
    if (next === undefined) continue
    if (done.some((other) => plan.mixColumns.includes(other)) && !haveSameNames(next, rewritten)) continue
    rewritten = next
    done.push(name)
  }
  return { pupil: rewritten, corruptions: done }
}

function haveSameNames(a: Pupil, b: Pupil): boolean {
  return ['givenName', 'middleName', 'familyName'].every((field) => a[field] === b[field])
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index]
  if (item === undefined) throw new RangeError('no such item')
  return item
}
