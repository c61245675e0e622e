import { makeClerksCases } from './clerks/make-clerks-cases.ts'
import { makeImmigrantsCases } from './immigrants/make-immigrants-cases.ts'
import { makeCases, type MatchingCases } from './make-cases.ts'
import { variants } from './variants.ts'

type CaseRequest = { readonly held: number; readonly incoming: number; readonly seed: number }

/** Every kind of invented district, by name. Same request, same people. */
export const people = {
  families: (request) => makeCases({ ...request, variant: variants.families }),
  sparse: (request) => makeCases({ ...request, variant: variants.sparse }),
  clerks: makeClerksCases,
  immigrants: makeImmigrantsCases,
} satisfies Readonly<Record<string, (request: CaseRequest) => MatchingCases>>

export type PeopleName = keyof typeof people

export const peopleNames = Object.keys(people) as readonly PeopleName[] // the keys of a constant
