import { inventStudent } from '../oneroster-package/invented-people.ts'
import { childrenPerFamily, schoolAt, type Layout } from './layout.ts'
import { cameOn, guardianLeftOn, lastOf, leftOn, lifecycleOf } from './lifecycle.ts'
import { joinListings, makeListing, type Listing } from './listing.ts'
import type { RoleName, User } from './records.ts'
import { childrenOfFamily, guardianSourcedId, membersOf } from './relatives.ts'

/** A parent for each family, a second guardian or relative for every third, and three who belong to nobody. */
export function listGuardians(layout: Layout): Listing<User> {
  return joinListings(
    makeListing(layout.families, (family) => makeGuardian(layout, family, 1, 'parent')),
    makeListing(Math.ceil(layout.families / 3), (index) =>
      makeGuardian(layout, index * 3, 2, index % 2 === 0 ? 'relative' : 'guardian'),
    ),
    makeListing(3, (index) =>
      makeAdult(layout, `guardian-alone-${String(index + 1)}`, 8_000_001 + index, {
        ...{ role: 'guardian', school: schoolAt(layout, index), familyName: '', agents: [] },
      }),
    ),
  )
}

function makeGuardian(layout: Layout, family: number, guardian: 1 | 2, role: RoleName): User {
  const firstChild = family * childrenPerFamily + 1
  const child = layout.studentOf(firstChild)
  return makeAdult(layout, guardianSourcedId(family, guardian), family * 2 + guardian, {
    role,
    school: schoolAt(layout, child.schoolNumber - 1),
    familyName: guardian === 1 ? child.familyName : '',
    agents: childrenOfFamily(layout, family),
    // Who came and who left is seen in the agents.
    changedOn: lastOf(...membersOf(layout, family).flatMap((one) => [cameOn(layout, one), leftOn(layout, one)])),
    removedOn: guardian === 1 ? guardianLeftOn(layout, family) : undefined,
  })
}

function makeAdult(
  layout: Layout,
  sourcedId: string,
  number: number,
  kin: {
    readonly role: RoleName
    readonly school: string
    readonly familyName: string
    readonly agents: readonly string[]
    readonly changedOn?: number | undefined
    readonly removedOn?: number | undefined
  },
): User {
  const person = inventStudent(layout.seed + 2, number, layout.schools)
  return {
    sourcedId,
    // Most guardians have no account.
    enabledUser: number % 4 === 0,
    username: `g.${person.username}`,
    userIds: [],
    givenName: person.givenName,
    familyName: kin.familyName === '' ? person.familyName : kin.familyName,
    middleName: '',
    ...{ preferredGivenName: '', preferredMiddleName: '', preferredFamilyName: '', pronouns: '' },
    identifier: `G${String(number)}`,
    userMasterIdentifier: '',
    email: number % 6 === 0 ? '' : `g.${person.username}@mail.example`,
    ...{ sms: person.phone, phone: person.phone, agents: kin.agents, grades: [] },
    roles: [
      {
        ...{ sourcedId: `role-${sourcedId}`, roleType: 'primary', role: kin.role, org: kin.school },
        ...{ beginDate: '', endDate: '', userProfile: '' },
      },
    ],
    primaryOrg: kin.school,
    userProfiles: [],
    ...lifecycleOf(layout, number, kin),
  }
}
