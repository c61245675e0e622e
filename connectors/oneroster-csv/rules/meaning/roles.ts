import { problem } from '../../../../domain/import-rules/rule.ts'
import type { Problem, Rule } from '../../../../domain/import-rules/rule.ts'

/** S-14, for a primary role of a user who had one in the same org before. */
function checkOnePrimaryRole(hadPrimary: boolean): Problem | undefined {
  if (!hadPrimary) return undefined
  return problem('The user has another primary role in this org: one is primary, the others are secondary.')
}

export const onePrimaryRole: Rule<typeof checkOnePrimaryRole> = {
  id: 'S-14',
  title: 'a user has several primary roles in an org (1.2)',
  severity: { strict: 'error', default: 'error' },
  appliesTo: 'row',
  check: checkOnePrimaryRole,
}

/** S-15. */
function checkHasPrimaryRole(hasPrimary: boolean, hasSecondary: boolean): Problem | undefined {
  if (hasPrimary || !hasSecondary) return undefined
  return problem('The user has secondary roles only; some receivers read primary roles only.')
}

export const hasPrimaryRole: Rule<typeof checkHasPrimaryRole> = {
  id: 'S-15',
  title: 'a user with roles has no primary one (1.2)',
  severity: { strict: undefined, default: 'warning' },
  appliesTo: 'row',
  check: checkHasPrimaryRole,
}

/** S-16. */
function checkRoleInPrimaryOrg(hasRoleThere: boolean): Problem | undefined {
  return hasRoleThere ? undefined : problem('The user has no role in the org of primaryOrgSourcedId.')
}

export const roleInPrimaryOrg: Rule<typeof checkRoleInPrimaryOrg> = {
  id: 'S-16',
  title: 'a user has no role in the org of `primaryOrgSourcedId` (1.2)',
  severity: { strict: 'error', default: 'warning' },
  appliesTo: 'cell',
  check: checkRoleInPrimaryOrg,
}

/** S-17. */
function checkOwnProfile(isOwn: boolean): Problem | undefined {
  return isOwn ? undefined : problem('userProfileSourcedId points to the profile of another user.')
}

export const ownProfile: Rule<typeof checkOwnProfile> = {
  id: 'S-17',
  title: 'a role points to no profile of its own user (1.2)',
  severity: { strict: 'error', default: 'error' },
  appliesTo: 'cell',
  check: checkOwnProfile,
}

/** S-18. */
function checkHasRole(hasRole: boolean): Problem | undefined {
  return hasRole ? undefined : problem('The user has no row in roles.csv, so nothing says who this is.')
}

export const hasRole: Rule<typeof checkHasRole> = {
  id: 'S-18',
  title: 'a user has no row in roles.csv (1.2)',
  severity: { strict: undefined, default: 'warning' },
  appliesTo: 'row',
  check: checkHasRole,
}
