import { isBlank, isWord, readCell } from '../rows/cell-text.ts'
import { Besides } from './besides.ts'
import { uniteLists } from '../rows/unite-lists.ts'
import type { OneRosterType } from './one-roster-type.ts'
import { madeOfUsers, takeUsers, type UserKind } from './user-rows.ts'

/** Roles of people who are in the roster for somebody's sake, and do not work for the district. */
const otherRoles = ['student', 'guardian', 'parent', 'relative']

/**
 * Everybody whom a role says to work for the district, be it one that is mapped to none of ours: the mapping decides.
 * `roles` and `orgs` are made of users.csv in 1.1, of roles.csv in 1.2.
 */
export const staff: OneRosterType = {
  dataType: 'staff',
  collections: [
    {
      name: 'users',
      kind: 'records',
      columns: [
        ...['sourcedId', 'roles', 'orgs', 'federatedId', 'username', 'givenName', 'familyName', 'middleName'],
        ...['identifier', 'email', 'sms', 'phone', 'userMasterIdentifier', 'preferredGivenName', 'preferredFamilyName'],
        'pronouns',
      ],
    },
  ],
  mapping: {
    fields: {
      sisId: { firstComplete: ['users.identifier', 'users.sourcedId'] },
      sourceKey: { from: 'users.sourcedId' },
      givenName: { from: 'users.givenName' },
      familyName: { from: 'users.familyName' },
      email: { from: 'users.email' },
      username: { from: 'users.username' },
      roles: { from: 'users.roles' },
      schoolIds: { from: 'users.orgs' },
    },
    customFields: {},
    codes: {},
    academicYearTurnsOn: '07-01',
  },
  reads: ['orgs', 'roles', 'users'],
  file: 'users',
  besides: ['roles'],
  needs: ['users'],
  followsChanges: ['users'],
  made: { users: madeOfUsers },
  start: (context) => takeUsers(context, describeStaff),
}

function describeStaff(): UserKind {
  const besides = new Besides()
  return {
    isMeantRole: (role) => role !== '' && !otherRoles.includes(role),
    // A refused row of anybody else is nobody's who works here; one whose role cannot be read may be.
    isMeantRow: (row, roleCell, isAccepted) =>
      isBlank(row, roleCell) ? !isAccepted : !otherRoles.some((role) => isWord(row, roleCell, role)),
    needsAccount: true,
    tellsEveryUncertain: false,
    describe: ({ known, row }, positions) => {
      const cell = (column: string) => readCell(row, positions.get(column) ?? -1)
      const roles = known === undefined ? cell('role') : known.roles
      const orgs = known === undefined ? cell('orgSourcedIds') : `${cell('primaryOrgSourcedId')},${known.orgKeys}`
      return besides.get(`${roles}\n${orgs}`, () => {
        const [allRoles, allOrgs] = [uniteLists(roles), uniteLists(orgs)]
        return {
          values: { roles: allRoles.join(','), orgs: allOrgs.join(',') },
          digest: `${allRoles.toSorted().join(',')}\n${allOrgs.toSorted().join(',')}`,
        }
      })
    },
  }
}
