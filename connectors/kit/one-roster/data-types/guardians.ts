import type { RowView } from '../../csv/row-view.ts'
import { isWord, readCell } from '../rows/cell-text.ts'
import { Besides } from './besides.ts'
import { uniteLists } from '../rows/unite-lists.ts'
import type { OneRosterType, TypeContext } from './one-roster-type.ts'
import { madeOfUsers, takeUsers, type UserKind } from './user-rows.ts'
import { ValueRecord } from '../rows/value-record.ts'

const guardianRoles = ['parent', 'guardian', 'relative']
/** Those of whom a refused row is nobody's who answers for a student. */
const otherRoles = ['administrator', 'aide', 'proctor', 'student', 'teacher']

/**
 * Those who answer for students, and which students these are: whom they name as agents, and who names them. Sources list
 * both, or one of them. `roles` is made as for staff.
 */
export const guardians: OneRosterType = {
  dataType: 'guardians',
  collections: [
    {
      name: 'users',
      kind: 'records',
      columns: [
        ...['sourcedId', 'roles', 'federatedId', 'username', 'givenName', 'familyName', 'middleName', 'identifier'],
        ...['email', 'sms', 'phone', 'userMasterIdentifier', 'preferredGivenName', 'preferredFamilyName', 'pronouns'],
      ],
    },
    { name: 'children', kind: 'gathered', columns: ['studentSourcedId'] },
  ],
  mapping: {
    fields: {
      sisId: { firstComplete: ['users.identifier', 'users.sourcedId'] },
      sourceKey: { from: 'users.sourcedId' },
      givenName: { from: 'users.givenName' },
      familyName: { from: 'users.familyName' },
      email: { from: 'users.email' },
      phone: { from: 'users.phone' },
      username: { from: 'users.username' },
      relationship: { from: 'users.roles', take: 'first' },
      studentIds: { gather: 'children.studentSourcedId' },
    },
    customFields: {},
    codes: {},
    academicYearTurnsOn: '07-01',
  },
  reads: ['orgs', 'roles', 'users'],
  file: 'users',
  besides: ['roles'],
  needs: ['users'],
  gatheredFrom: ['users'],
  made: { users: madeOfUsers },
  start: (context) => takeUsers(context, describeGuardians),
}

function describeGuardians({ sink, facts }: TypeContext): UserKind {
  const besides = new Besides()
  const child = new ValueRecord('children', 'users')
  const isGuardianRow: UserKind['isMeantRow'] = (row, roleCell) =>
    guardianRoles.some((role) => isWord(row, roleCell, role))
  const isOtherRow = (row: RowView, roleCell: number) => otherRoles.some((role) => isWord(row, roleCell, role))
  return {
    isMeantRole: (role) => guardianRoles.includes(role),
    // A refused row whose role cannot be read may be anybody's.
    isMeantRow: (row, roleCell, isAccepted) =>
      isAccepted ? isGuardianRow(row, roleCell, true) : !isOtherRow(row, roleCell),
    // A parent without an account is a parent.
    needsAccount: false,
    tellsEveryUncertain: false,
    describe: ({ known, row }, positions) => {
      const roles = known === undefined ? readCell(row, positions.get('role') ?? -1) : known.roles
      return besides.get(roles, () => ({ values: { roles }, digest: roles }))
    },
    watch: ({ known, row }, positions, presence) => {
      const cell = (column: string) => positions.get(column) ?? -1
      const agentsCell = cell('agentSourcedIds')
      if (agentsCell < 0 || row.starts[agentsCell] === row.ends[agentsCell]) return
      // Nor is it known then whose child, or whose parent, it names.
      if (
        presence === 'rejected' &&
        known === undefined &&
        !isGuardianRow(row, cell('role'), false) &&
        !isOtherRow(row, cell('role'))
      ) {
        facts.everyItemHasKey = false
      }
      const isGuardian = known === undefined ? isGuardianRow(row, cell('role'), true) : known.isMeant
      const isStudent = known === undefined ? isWord(row, cell('role'), 'student') : known.isStudent
      if (!isGuardian && !isStudent) return
      const own = readCell(row, cell('sourcedId'))
      for (const agent of uniteLists(readCell(row, agentsCell))) {
        // Somebody may be both: then each names the other.
        if (isStudent) sink.record(child.show(row.line, presence, agent, { studentSourcedId: own }))
        if (isGuardian) sink.record(child.show(row.line, presence, own, { studentSourcedId: agent }))
      }
    },
  }
}
