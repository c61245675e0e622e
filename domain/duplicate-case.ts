import type { Candidate } from './matching/rank-candidates.ts'

/**
 * Why an incoming record is asked about: it resembles somebody; its id is that of somebody else, it seems; or its ids
 * lead to different records.
 */
export const caseReasons = ['resembles', 'idReused', 'keysDisagree'] as const
export type CaseReason = (typeof caseReasons)[number]

/** `identityConflict`: an exact key says one thing and the rest another. */
export const caseKinds = ['duplicate', 'identityConflict'] as const
export type CaseKind = (typeof caseKinds)[number]

export function kindOfCase(reason: CaseReason): CaseKind {
  return reason === 'resembles' ? 'duplicate' : 'identityConflict'
}

/**
 * `open`: waits for a person, or for its decision to be carried out. `processed`: the decision is carried out.
 * `unmerged`: a match was taken back. `closed`: the source mended it, or what found it was undone.
 */
export type CaseState = 'open' | 'processed' | 'unmerged' | 'closed'

/** `byKey`: of an identity conflict, the match key of the incoming record that leads to this one. */
export type StoredCandidate = Candidate & { readonly byKey?: string }

/**
 * Those that a person is shown, best first: one beside the best of whom nothing speaks is no help and looks like a choice.
 * Whom an id leads to is shown however little speaks for it; that is the conflict.
 */
export function selectShown<C extends StoredCandidate>(candidates: readonly C[]): C[] {
  return candidates.filter(({ score, byKey }, at) => at === 0 || byKey !== undefined || score >= leastShown)
}

/** What is rounded to 0 %. */
const leastShown = 0.005

/**
 * What a person may say to a case (contract.md). `exchange`: of an identity conflict of several records, each is whom
 * it resembles most, and so their ids really changed places. `leave`: the feed is wrong, and nothing of it is taken
 * until its ids are others. `cancel` takes a decision back that was not carried out.
 */
export const caseActions = ['match', 'create', 'exchange', 'leave', 'cancel'] as const
export type CaseAction = (typeof caseActions)[number]

/** What is written down of a decision: an exchange is the match that it comes to. */
export const storedDecisions = ['match', 'create', 'leave'] as const
export type StoredDecision = (typeof storedDecisions)[number]

export type CaseDecision = { readonly caseId: string; readonly action: CaseAction; readonly recordId?: string }

/** A decision that could not be taken, and why; the reason is for people and names nobody. */
export type RefusedDecision = { readonly caseId: string; readonly reason: string }

/** What became of a set of decisions. */
export type DecidedCases = { readonly decided: number; readonly refused: readonly RefusedDecision[] }
