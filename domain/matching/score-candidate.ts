import { comparePeople, type Comparison } from './compare-people.ts'
import type { Person } from './person.ts'
import { weighRelations, type Chances, type RelationShares } from './weigh-relations.ts'

/** How often names and contacts occur among the held people: what two have in common by chance. */
export type Frequencies = {
  readonly heldCount: number
  /** Number of held people with this folded name (`joined` of a PersonName). */
  readonly countGivenName: (joined: string) => number
  readonly countFamilyName: (joined: string) => number
  /** Number of held people who go to this school. */
  readonly countSchool: (school: string) => number
  /** Number of held people born on this date where it is far more than on others (the first of January), otherwise 0. */
  readonly countBirthDate?: (birthDate: string) => number
}

/** How many held people share a contact with the incoming one, each counted among her candidates. */
export type ContactHolders = { readonly email: number; readonly phone: number; readonly address: number }

export type ScoredPair = {
  /** Probability (0 to 1) that both are one person. */
  readonly score: number
  readonly comparison: Comparison
  readonly chances: Chances
  readonly shares: RelationShares
}

/** Scores one held person as a candidate for an incoming one. */
export function scoreCandidate(
  incoming: Person,
  held: Person,
  frequencies: Frequencies,
  holders: ContactHolders = { email: 1, phone: 1, address: 1 },
): ScoredPair {
  const comparison = comparePeople(incoming, held)
  const { heldCount } = frequencies
  const chances: Chances = {
    heldCount,
    givenShare: shareOfGivenName(frequencies.countGivenName(incoming.given?.joined ?? ''), heldCount),
    familyShare: shareOfFamilyName(frequencies.countFamilyName(incoming.family?.joined ?? ''), heldCount),
    schoolShare: shareOfSchool(frequencies.countSchool(incoming.schools?.[0] ?? ''), heldCount),
    birthDateShare: (frequencies.countBirthDate?.(incoming.birthDate?.text ?? '') ?? 0) / (heldCount + 4000),
    emailHolders: holders.email,
    phoneHolders: holders.phone,
    addressHolders: holders.address,
  }
  const shares = weighRelations(comparison, chances)
  return { score: shares.same + shares.moved, comparison, chances, shares }
}

/**
 * In a small district every name is rare or common by accident: until some thousands are held, the count is drawn
 * towards what is usual (one given name in two thousand, one family name in five thousand, one school in twelve).
 */
function shareOfGivenName(count: number, heldCount: number): number {
  return (count + 2) / (heldCount + 4000)
}

function shareOfFamilyName(count: number, heldCount: number): number {
  return (count + 1) / (heldCount + 5000)
}

function shareOfSchool(count: number, heldCount: number): number {
  return Math.min((count + 8) / (heldCount + 100), 0.99)
}
