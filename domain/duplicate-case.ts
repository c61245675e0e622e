import type { Candidate } from './matching/rank-candidates.ts'

/** Why an incoming record is asked about: it resembles somebody, or its id is that of somebody else. */
export type CaseReason = 'resembles' | 'idReused'

/**
 * `open`: waits for a person, or for its decision to be carried out. `processed`: the decision is carried out.
 * `unmerged`: a match was taken back. `closed`: the source mended it, or what found it was undone.
 */
export const caseStates = ['open', 'processed', 'unmerged', 'closed'] as const
export type CaseState = (typeof caseStates)[number]

export type StoredCandidate = Candidate

/** What a person may say to a case (contract.md). `cancel` takes a decision back that was not carried out. */
export const caseActions = ['match', 'create', 'cancel'] as const
export type CaseAction = (typeof caseActions)[number]

export type CaseDecision = { readonly caseId: string; readonly action: CaseAction; readonly recordId?: string }

/** A decision that could not be taken, and why; the reason is for people and names nobody. */
export type RefusedDecision = { readonly caseId: string; readonly reason: string }

/** What became of a set of decisions. */
export type DecidedCases = { readonly decided: number; readonly refused: readonly RefusedDecision[] }
