import type { AspectValues } from '../../../domain/matching/matching-aspects.ts'
import type { BestPair } from '../../../domain/matching/learn-relations.ts'
import { readPerson } from '../../../domain/matching/person.ts'
import { scoreCandidate, type Frequencies, type ScoredPair } from '../../../domain/matching/score-candidate.ts'

const frequencies: Frequencies = {
  heldCount: 20_000,
  countGivenName: () => 8,
  countFamilyName: () => 5,
  countSchool: () => 900,
}

/** Invented, with what a OneRoster package gives. */
const marta: AspectValues = {
  givenName: 'Marta',
  familyName: 'Okonski',
  birthDate: '2012-03-09',
  sex: 'female',
  email: 'marta.okonski@mail.example',
  username: 'mokonski12',
  school: 'north',
  gradeLevel: '07',
  classYear: 2031,
}

/** Somebody with other values in some fields, compared with one held. */
export function comparePair(changes: AspectValues): ScoredPair {
  return scoreCandidate(readPerson({ ...marta, ...changes }), readPerson(marta), frequencies)
}

export function manyPairs(count: number, changes: AspectValues): BestPair[] {
  const { comparison, chances } = comparePair(changes)
  return Array.from({ length: count }, () => ({ comparison, chances }))
}

const ownAccount = { email: 'maria.okonski@post.example', username: 'okonskim' }

/** A twin whose parents like names that sound alike. */
export const likeNamedTwin: AspectValues = { ...ownAccount, givenName: 'Marla' }
/** One person whose family name and accounts are other ones. */
export const renamed: AspectValues = { ...ownAccount, familyName: 'Delgado' }
/** Shares a school and no more. */
export const unlike: AspectValues = {
  ...ownAccount,
  givenName: 'Tobias',
  familyName: 'Zellweger',
  birthDate: '2010-11-21',
  sex: 'male',
}
