import { RoleBit } from '../../index/codes.ts'
import { problem } from '../../../../domain/import-rules/rule.ts'
import type { Problem, Rule } from '../../../../domain/import-rules/rule.ts'

/** S-03. */
function checkEnrollmentSchool(isSchoolOfClass: boolean): Problem | undefined {
  return isSchoolOfClass ? undefined : problem('schoolSourcedId is not the school of the class.')
}

export const enrollmentSchool: Rule<typeof checkEnrollmentSchool> = {
  id: 'S-03',
  title: "an enrollment's school is not its class's school",
  severity: { strict: undefined, default: 'warning' },
  appliesTo: 'row',
  check: checkEnrollmentSchool,
}

/** S-09, for an enrollment that is marked primary in a class that had one before. */
function checkOnePrimaryTeacher(hadPrimary: boolean): Problem | undefined {
  return hadPrimary ? problem('The class has another primary teacher: mark one of them.') : undefined
}

export const onePrimaryTeacher: Rule<typeof checkOnePrimaryTeacher> = {
  id: 'S-09',
  title: 'a class has several primary teachers',
  severity: { strict: undefined, default: 'warning' },
  appliesTo: 'row',
  check: checkOnePrimaryTeacher,
}

/** S-10, for an enrollment that is marked primary; `role` as a bit of `RoleBit`. */
function checkPrimaryIsTeacher(role: number): Problem | undefined {
  return role === RoleBit.teacher ? undefined : problem('primary is true, which means something for teachers only.')
}

export const primaryIsTeacher: Rule<typeof checkPrimaryIsTeacher> = {
  id: 'S-10',
  title: '`primary` is true for somebody who is no teacher',
  severity: { strict: undefined, default: 'warning' },
  appliesTo: 'row',
  check: checkPrimaryIsTeacher,
}

/**
 * S-12. The same dates belong to it: a student who leaves a class and comes back has two enrollments by right. The
 * later one is left out.
 */
function checkEnrolledOnce(isRepeated: boolean): Problem | undefined {
  if (!isRepeated) return undefined
  return problem('An earlier row enrolls the same user in the same class and role: this one is left out.')
}

export const enrolledOnce: Rule<typeof checkEnrolledOnce> = {
  id: 'S-12',
  title: 'a user is enrolled in a class and role several times',
  severity: { strict: undefined, default: 'warning' },
  appliesTo: 'row',
  check: checkEnrolledOnce,
}

/** S-13, with both roles as bits of `RoleBit`. A user of whom no role is known fits. Never an error (2.5). */
function checkRoleFitsUser(role: number, userRoles: number): Problem | undefined {
  if (userRoles === 0 || ((role | RoleBit.other) & userRoles) !== 0 || role === RoleBit.other) return undefined
  return problem('The role of the enrollment is none of the roles of the user.')
}

export const roleFitsUser: Rule<typeof checkRoleFitsUser> = {
  id: 'S-13',
  title: "an enrollment's role does not fit the user's role",
  severity: { strict: undefined, default: 'warning' },
  appliesTo: 'row',
  check: checkRoleFitsUser,
}
