import { RoleBit } from '../../index/codes.ts'
import { problem } from '../../../../domain/import-rules/rule.ts'
import type { Problem, Rule } from '../../../../domain/import-rules/rule.ts'

/** S-23, for a user's resource that names both an org and a class. */
function checkResourceOrg(isSchoolOfClass: boolean): Problem | undefined {
  return isSchoolOfClass ? undefined : problem('orgSourcedId is not the school of the class.')
}

export const resourceOrg: Rule<typeof checkResourceOrg> = {
  id: 'S-23',
  title: "a user's resource does not fit its class, the class not its user, or the role is not allowed (1.2)",
  severity: { strict: 'error', default: 'warning' },
  appliesTo: 'row',
  check: checkResourceOrg,
}

/** S-23, for a user's resource that names a class. */
export function checkResourceUser(isEnrolled: boolean): Problem | undefined {
  return isEnrolled ? undefined : problem('The user is not enrolled in the class.')
}

/** S-23, with bits of `RoleBit`; a resource without roles is for everybody, and a user passes of whose
 * roles one is not known or `ext:`. */
export function checkResourceRole(userRoles: number, allowedRoles: number): Problem | undefined {
  if (allowedRoles === 0 || userRoles === 0 || (userRoles & (allowedRoles | RoleBit.other)) !== 0) return undefined
  return problem('The resource is not meant for a role of this user.')
}
