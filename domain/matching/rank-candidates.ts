import type { MatchingFields } from './matching-aspects.ts'
import type { Person } from './person.ts'
import { describeCandidate, isTwinLike, listEvidence } from './describe-candidate.ts'
import { scoreCandidate, type ContactHolders, type Frequencies, type ScoredPair } from './score-candidate.ts'

/** A held record that an incoming one may be. */
export type Candidate = {
  readonly recordId: string
  /** Probability (0 to 1) that both are one person. */
  readonly score: number
  /** Fields of the data type that agree, wholly or nearly, the telling ones first. */
  readonly evidence: readonly string[]
  /** Same birth date and family name, another given name: whoever decides must think of a twin. */
  readonly twin: boolean
  /** One sentence for the operator. It names fields and never a value. */
  readonly explanation: string
}

export type HeldPerson = { readonly recordId: string; readonly person: Person }

/** Below this score nobody is shown, whatever the lines of a run (draw-lines.ts) are. */
export const lowestScore = 0.0005
const mostCandidates = 5

export type RankedPair = { readonly recordId: string; readonly pair: ScoredPair }

/** The held people that an incoming one may be, best first, at most five, whatever their scores; not yet told in words. */
export function rankPairs(incoming: Person, held: readonly HeldPerson[], frequencies: Frequencies): RankedPair[] {
  const holders = countHolders(incoming, held)
  return held
    .map(({ recordId, person }) => ({ recordId, pair: scoreCandidate(incoming, person, frequencies, holders) }))
    .sort((a, b) => b.pair.score - a.pair.score || (a.recordId < b.recordId ? -1 : 1))
    .slice(0, mostCandidates)
}

/** A scored pair as an operator is shown it. */
export function describePair(recordId: string, { score, comparison }: ScoredPair, fields: MatchingFields): Candidate {
  return {
    recordId,
    score,
    evidence: listEvidence(comparison, fields),
    twin: isTwinLike(comparison),
    explanation: describeCandidate(comparison, fields),
  }
}

function countHolders(incoming: Person, held: readonly HeldPerson[]): ContactHolders {
  const { email, phone, street } = incoming
  const count = (isHolder: (person: Person) => boolean) => held.filter(({ person }) => isHolder(person)).length
  return {
    email: email === undefined ? 0 : count((person) => person.email?.whole === email.whole),
    phone: phone === undefined ? 0 : count((person) => person.phone === phone),
    address: street === undefined ? 0 : count((person) => person.street?.joined === street.joined),
  }
}
