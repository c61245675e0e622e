import type { TargetState } from '../reference/targets.ts'
import { problem } from '../../../../domain/import-rules/rule.ts'
import type { Problem, Rule } from '../../../../domain/import-rules/rule.ts'

/** S-19. */
function checkDemographicsUser(state: TargetState): Problem | undefined {
  if (state === 'usable') return undefined
  if (state === 'refused') return problem('The user of this sourcedId in users.csv was refused: correct it there.')
  return problem('There is no user of this sourcedId in users.csv.')
}

export const demographicsUser: Rule<typeof checkDemographicsUser> = {
  id: 'S-19',
  title: 'demographics belong to no user of users.csv',
  severity: { strict: 'error', default: 'error' },
  appliesTo: 'row',
  check: checkDemographicsUser,
}

/** S-20, for the second and later active users with one value of `email`, `identifier` or `userIds`. */
function checkPersonalValue(isRepeated: boolean, column: string): Problem | undefined {
  if (!isRepeated) return undefined
  return problem(`Another active user has the same ${column}: records of two people may be taken for one.`)
}

export const personalValue: Rule<typeof checkPersonalValue> = {
  id: 'S-20',
  title: 'active users share an e-mail address, an identifier or a user id',
  severity: { strict: undefined, default: 'warning' },
  appliesTo: 'cell',
  check: checkPersonalValue,
}

const youngestStudent = 2
const oldestStudent = 25

/** S-25, with days as numbers (20260815). */
function checkBirthDate(birthDay: number, today: number, isStudent: boolean): Problem | undefined {
  if (birthDay === 0) return undefined
  if (birthDay > today) return problem('birthDate is in the future.')
  if (!isStudent) return undefined
  // The difference of two such numbers holds the full years in its upper digits.
  const age = Math.floor((today - birthDay) / 10_000)
  if (age >= youngestStudent && age <= oldestStudent) return undefined
  return problem(`By birthDate the student is not between ${youngestStudent} and ${oldestStudent} years old.`)
}

export const birthDate: Rule<typeof checkBirthDate> = {
  id: 'S-25',
  title: 'a birth date is in the future, or a student is younger than 2 or older than 25 years',
  severity: { strict: undefined, default: 'warning' },
  appliesTo: 'cell',
  check: checkBirthDate,
}
