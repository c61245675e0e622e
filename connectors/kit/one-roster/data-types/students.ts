import type { RowView } from '../../csv/row-view.ts'
import { isWord, readCell } from '../rows/cell-text.ts'
import type { SchoolChoice } from '../rows/org-index.ts'
import { createRowRecord, isWithdrawn, type OneRosterType, type TypeContext } from './one-roster-type.ts'
import type { Beside } from '../rows/row-record.ts'
import { madeOfUsers, takeUsers, type UserKind } from './user-rows.ts'

const demographicColumns = [
  ...['birthDate', 'sex', 'americanIndianOrAlaskaNative', 'asian', 'blackOrAfricanAmerican'],
  ...['nativeHawaiianOrOtherPacificIslander', 'white', 'demographicRaceTwoOrMoreRaces', 'hispanicOrLatinoEthnicity'],
  ...['countryOfBirthCode', 'stateOfBirthAbbreviation', 'cityOfBirth', 'publicSchoolResidenceStatus'],
]

/**
 * Students from OneRoster CSV as they are imported when nobody has mapped anything. `users.school` and
 * `users.federatedId` are made columns: see README.md in the folder of the connector.
 */
const mapping: OneRosterType['mapping'] = {
  fields: {
    sisId: { firstComplete: ['users.identifier', 'users.sourcedId'] },
    sourceKey: { from: 'users.sourcedId' },
    username: { from: 'users.username' },
    federatedId: { from: 'users.federatedId' },
    givenName: { from: 'users.givenName' },
    middleName: { from: 'users.middleName' },
    familyName: { from: 'users.familyName' },
    email: { from: 'users.email' },
    phone: { from: 'users.phone' },
    schoolId: { from: 'users.school' },
    gradeLevel: { from: 'users.grades', take: 'first' },
    classYear: { classYearFromGrade: 'users.grades' },
    birthDate: { from: 'demographics.birthDate' },
    sex: { from: 'demographics.sex' },
    ethnicity: { from: 'demographics.hispanicOrLatinoEthnicity' },
    race: {
      collect: [
        { code: 'americanIndianOrAlaskaNative', from: 'demographics.americanIndianOrAlaskaNative' },
        { code: 'asian', from: 'demographics.asian' },
        { code: 'blackOrAfricanAmerican', from: 'demographics.blackOrAfricanAmerican' },
        { code: 'nativeHawaiianOrOtherPacificIslander', from: 'demographics.nativeHawaiianOrOtherPacificIslander' },
        { code: 'white', from: 'demographics.white' },
        { code: 'demographicRaceTwoOrMoreRaces', from: 'demographics.demographicRaceTwoOrMoreRaces' },
      ],
    },
  },
  customFields: {},
  codes: { ethnicity: { true: 'hispanicOrLatino', false: '' } },
  academicYearTurnsOn: '07-01',
}

/**
 * The students among the users, and what demographics.csv adds to them. Every file of the package is checked: this is the
 * run that tells what is wrong with it.
 */
export const students: OneRosterType = {
  dataType: 'students',
  collections: [
    {
      name: 'users',
      kind: 'records',
      columns: [
        ...['sourcedId', 'school', 'federatedId', 'username', 'givenName', 'familyName', 'middleName', 'identifier'],
        ...['email', 'sms', 'phone', 'grades', 'userMasterIdentifier', 'preferredGivenName', 'preferredMiddleName'],
        ...['preferredFamilyName', 'pronouns'],
      ],
    },
    { name: 'demographics', kind: 'fields', columns: demographicColumns },
  ],
  mapping,
  file: 'users',
  besides: ['roles'],
  needs: ['users'],
  followsChanges: ['users', 'demographics'],
  refusal: 'no student in it is usable',
  made: { users: madeOfUsers },
  start: (context) => {
    const users = takeUsers(context, describeStudents)
    return (file, mode, positions) => {
      if (file !== 'demographics') return users(file, mode, positions)
      const record = createRowRecord(context, { file, mode, positions })
      const status = positions.get('status') ?? -1
      return {
        row: (row, isAccepted) => {
          if (isAccepted && !isWithdrawn(row, status)) context.sink.record(record.show(row, 'active'))
        },
      }
    }
  },
}

function describeStudents({ orgs }: TypeContext): UserKind {
  return {
    isMeantRole: (role, isPrimary) => isPrimary && role === 'student',
    // A refused row whose role cannot be read may be a student: it counts as seen.
    isMeantRow: (row, roleCell, isAccepted) =>
      isWord(row, roleCell, 'student') || !(isAccepted || isOtherRole(row, roleCell)),
    needsAccount: true,
    tellsEveryUncertain: true,
    describe: ({ known, row }, positions) =>
      known === undefined
        ? orgs.chooseSchoolOf(row, positions.get('orgSourcedIds') ?? -1)
        : orgs.chooseSchool(readCell(row, positions.get('primaryOrgSourcedId') ?? -1) || known.orgKeys),
    warn: (beside, _row, positions) => {
      if (!isWithoutSchool(beside)) return undefined
      return {
        rule: 'I-06',
        severity: 'warning',
        file: 'users.csv',
        column: positions.has('orgSourcedIds') ? 'orgSourcedIds' : 'primaryOrgSourcedId',
        message: 'none of the orgs of this student is a school; the first org is taken. Point the student to a school.',
      }
    },
  }
}

/** Said of the values that `describe` gives. */
function isWithoutSchool(beside: Beside): boolean {
  const { isSchool, values } = beside as SchoolChoice // describe of this kind gives no other
  return !isSchool && values.school !== ''
}

const otherRoles = ['administrator', 'aide', 'guardian', 'parent', 'proctor', 'relative', 'teacher']

function isOtherRole(row: RowView, cell: number): boolean {
  return otherRoles.some((role) => isWord(row, cell, role))
}
