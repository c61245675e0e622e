import { OrgType } from '../../index/codes.ts'
import { lesserProblem, problem } from '../../../../domain/import-rules/rule.ts'
import type { Problem, Rule } from '../../../../domain/import-rules/rule.ts'

/** R-07, for a record of a tree. */
function checkParentChain(isOwnAncestor: boolean): Problem | undefined {
  if (!isOwnAncestor) return undefined
  return problem('Following parentSourcedId leads back to this record: a record cannot be above itself.')
}

export const parentChain: Rule<typeof checkParentChain> = {
  id: 'R-07',
  title: 'an org or a session is its own parent, directly or through others',
  severity: { strict: 'error', default: 'error' },
  appliesTo: 'row',
  check: checkParentChain,
}

/** National over state over local over district over school; 0 for types without a place in that order. */
const ranks: Readonly<Record<OrgType, number>> = {
  [OrgType.unknown]: 0,
  [OrgType.department]: 0,
  [OrgType.school]: 1,
  [OrgType.district]: 2,
  [OrgType.local]: 3,
  [OrgType.state]: 4,
  [OrgType.national]: 5,
  [OrgType.other]: 0,
}

/** `parentType` is undefined for an org without parent, which is the lesser case. */
function checkOrgParent(type: OrgType, parentType: OrgType | undefined, hasDistricts: boolean): Problem | undefined {
  if (parentType === undefined) {
    if (type !== OrgType.school || !hasDistricts) return undefined
    return lesserProblem('The school has no parentSourcedId, though the package has a district.')
  }
  if (type === OrgType.department || ranks[type] === 0) return undefined
  if (parentType === OrgType.department) return problem('Its parent is a department: departments go below other orgs.')
  if (ranks[parentType] === 0 || ranks[parentType] > ranks[type]) return undefined
  return problem('Its parent is not above it: the order is national, state, local, district, school.')
}

export const orgParent: Rule<typeof checkOrgParent> = {
  id: 'R-08',
  title: 'the parent of an org is not above it in the hierarchy, or a school has none although there is a district',
  severity: { strict: undefined, default: 'warning' },
  lesserSeverity: { strict: undefined, default: 'info' },
  appliesTo: 'row',
  check: checkOrgParent,
}
