import type { RoleName, User } from './records.ts'

const roleNames: Readonly<Record<RoleName, string>> = {
  student: 'student',
  teacher: 'teacher',
  aide: 'aide',
  // 1.1 knows no counselor.
  counselor: 'aide',
  principal: 'administrator',
  districtAdministrator: 'administrator',
  parent: 'parent',
  guardian: 'guardian',
  relative: 'relative',
}

/** The one role that 1.1 lets a user have: a teacher who is also a parent is a teacher there. */
export function roleOf11(user: User): string {
  const [first] = user.roles
  return first === undefined ? '' : roleNames[first.role]
}

/** The orgs of all roles, each once, the first role's first. */
export function orgsOf11(user: User): string[] {
  return [...new Set(user.roles.map(({ org }) => org))]
}
