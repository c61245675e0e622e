import { relationNames, relations, type RelationName } from './relations.ts'
import type { ScoredPair } from './score-candidate.ts'

/**
 * What two records may be to each other whom an exact key leads together: nearly always one person. Who is not is
 * mostly the next pupil who was given a free id (a stranger), or a brother or sister under whose number a form was
 * filed. Where another key of the two disagrees, both ids cannot be right, and all of that is far more frequent.
 */
const priors: Readonly<Record<'agree' | 'disagree', Readonly<Record<RelationName, number>>>> = {
  agree: {
    same: 0.88,
    moved: 0.09,
    stranger: 0.02,
    sibling: 0.006,
    twin: 0.002,
    namesake: 0.0018,
    lookalike: 0.0002,
  },
  disagree: {
    same: 0.6,
    moved: 0.12,
    stranger: 0.15,
    sibling: 0.07,
    twin: 0.03,
    namesake: 0.028,
    lookalike: 0.002,
  },
}

/** A match is believed until it is more probably wrong; one of disagreeing keys only where the rest speaks for it. */
const borneDoubt = { agree: 0.15, disagree: 0.1 } as const

/** Whether the other keys of the two, where both sides have one, agree with the key that matched. */
export type KeyAgreement = keyof typeof priors

/**
 * The probability (0 to 1) that two are two people although they share an exact key: the weights by which duplicates are
 * recognised (weighRelations), with the priors of a match.
 */
export function weighDoubt({ shares }: ScoredPair, heldCount: number, agreement: KeyAgreement): number {
  const prior = priors[agreement]
  const weights = relationNames.map((name) => {
    const usual = name === 'stranger' ? 1 : relations[name].prior / Math.max(heldCount, 1)
    return (shares[name] / usual) * prior[name]
  })
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const one = relationNames.reduce(
    (sum, name, index) => (name === 'same' || name === 'moved' ? sum + (weights[index] ?? 0) : sum),
    0,
  )
  return 1 - one / total
}

/** True when an exact key must not decide: everything else says that it is somebody else. */
export function isDoubtful(pair: ScoredPair, heldCount: number, agreement: KeyAgreement): boolean {
  return weighDoubt(pair, heldCount, agreement) >= borneDoubt[agreement]
}
