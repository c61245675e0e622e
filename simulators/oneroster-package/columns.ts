import type { Listing } from '../invented-district/listing.ts'
import type { District } from '../invented-district/invent-district.ts'
import type * as Records from '../invented-district/records.ts'
import { orgsOf11, roleOf11 } from '../invented-district/version-1-1.ts'

export type PackageVersion = '1.1' | '1.2'

/** The columns after the three that open every file, in the order of the header. */
type Columns<R> = readonly (readonly [name: string, cell: (record: R) => string])[]

export type DataFile = {
  readonly name: string
  readonly header: readonly string[]
  /** How many records there are to make rows of; a record may give none, or several. */
  readonly size: number
  rowsOf(index: number): readonly (readonly string[])[]
}

/** Every file that the district fills, in the order in which a reader wants them. */
export function listDataFiles(district: District, version: PackageVersion): DataFile[] {
  const is12 = version === '1.2'
  return [
    fileOf('orgs', district.orgs, orgs),
    fileOf('academicSessions', district.academicSessions, academicSessions),
    fileOf('courses', district.courses, courses),
    fileOf('classes', district.classes, classes),
    fileOf('users', district.users, is12 ? users12 : users11),
    ...(is12 ? [rolesFile(district.users), userProfilesFile(district.users)] : []),
    fileOf('demographics', district.demographics, demographics),
    fileOf('enrollments', district.enrollments, enrollments),
    fileOf('categories', district.categories, is12 ? categories12 : categories11),
    fileOf('lineItems', district.lineItems, is12 ? lineItems12 : lineItems11),
    fileOf('results', district.results, is12 ? results12 : results11),
  ]
}

/** In a bulk file whoever is not listed is withdrawn, and the columns of the lifecycle are blank. */
function fileOf<R extends Records.RosterRecord>(name: string, records: Listing<R>, columns: Columns<R>): DataFile {
  return {
    name,
    header: ['sourcedId', 'status', 'dateLastModified', ...columns.map(([column]) => column)],
    size: records.size,
    rowsOf(index) {
      const record = records.at(index)
      return record.status === 'active' ? [[record.sourcedId, '', '', ...columns.map(([, cell]) => cell(record))]] : []
    },
  }
}

const list = (items: readonly string[]): string => items.join(',')

const orgs: Columns<Records.Org> = [
  ['name', (org) => org.name],
  ['type', (org) => org.type],
  ['identifier', (org) => org.identifier],
  ['parentSourcedId', (org) => org.parent],
]

const academicSessions: Columns<Records.AcademicSession> = [
  ['title', (session) => session.title],
  ['type', (session) => session.type],
  ['startDate', (session) => session.startDate],
  ['endDate', (session) => session.endDate],
  ['parentSourcedId', (session) => session.parent],
  ['schoolYear', (session) => session.schoolYear],
]

const courses: Columns<Records.Course> = [
  ['schoolYearSourcedId', (course) => course.schoolYear],
  ['title', (course) => course.title],
  ['courseCode', (course) => course.courseCode],
  ['grades', (course) => list(course.grades)],
  ['orgSourcedId', (course) => course.org],
  ['subjects', (course) => list(course.subjects)],
  ['subjectCodes', (course) => list(course.subjectCodes)],
]

const classes: Columns<Records.RosterClass> = [
  ['title', (one) => one.title],
  ['grades', (one) => list(one.grades)],
  ['courseSourcedId', (one) => one.course],
  ['classCode', (one) => one.classCode],
  ['classType', (one) => one.classType],
  ['location', (one) => one.location],
  ['schoolSourcedId', (one) => one.school],
  ['termSourcedIds', (one) => list(one.terms)],
  ['subjects', (one) => list(one.subjects)],
  ['subjectCodes', (one) => list(one.subjectCodes)],
  ['periods', (one) => list(one.periods)],
]

const nameOfUser: Columns<Records.User> = [
  ['username', (user) => user.username],
  ['userIds', (user) => list(user.userIds.map(({ type, identifier }) => `{${type}:${identifier}}`))],
  ['givenName', (user) => user.givenName],
  ['familyName', (user) => user.familyName],
  ['middleName', (user) => user.middleName],
  ['identifier', (user) => user.identifier],
  ['email', (user) => user.email],
  ['sms', (user) => user.sms],
  ['phone', (user) => user.phone],
  ['agentSourcedIds', (user) => list(user.agents)],
  ['grades', (user) => list(user.grades)],
  ['password', () => ''],
]
const classYear: Columns<Records.User> = [['metadata.classYear', (user) => user.metadata?.['classYear'] ?? '']]

const users11: Columns<Records.User> = [
  ['enabledUser', (user) => String(user.enabledUser)],
  ['orgSourcedIds', (user) => list(orgsOf11(user))],
  ['role', roleOf11],
  ...nameOfUser,
  ...classYear,
]

const users12: Columns<Records.User> = [
  ['enabledUser', (user) => String(user.enabledUser)],
  ...nameOfUser,
  ['userMasterIdentifier', (user) => user.userMasterIdentifier],
  ['preferredGivenName', (user) => user.preferredGivenName],
  ['preferredMiddleName', (user) => user.preferredMiddleName],
  ['preferredFamilyName', (user) => user.preferredFamilyName],
  ['primaryOrgSourcedId', (user) => user.primaryOrg],
  ['pronouns', (user) => user.pronouns],
  ...classYear,
]

const enrollments: Columns<Records.Enrollment> = [
  ['classSourcedId', (enrollment) => enrollment.class],
  ['schoolSourcedId', (enrollment) => enrollment.school],
  ['userSourcedId', (enrollment) => enrollment.user],
  ['role', (enrollment) => enrollment.role],
  ['primary', ({ primary }) => (primary === null ? '' : String(primary))],
  ['beginDate', (enrollment) => enrollment.beginDate],
  ['endDate', (enrollment) => enrollment.endDate],
]

const isRace = (name: string) => (demographics: Records.Demographics) => String(demographics.race === name)
const demographics: Columns<Records.Demographics> = [
  ['birthDate', (one) => one.birthDate],
  ['sex', (one) => one.sex],
  ['americanIndianOrAlaskaNative', isRace('americanIndianOrAlaskaNative')],
  ['asian', isRace('asian')],
  ['blackOrAfricanAmerican', isRace('blackOrAfricanAmerican')],
  ['nativeHawaiianOrOtherPacificIslander', isRace('nativeHawaiianOrOtherPacificIslander')],
  ['white', isRace('white')],
  ['demographicRaceTwoOrMoreRaces', isRace('demographicRaceTwoOrMoreRaces')],
  ['hispanicOrLatinoEthnicity', (one) => String(one.isHispanicOrLatino)],
  ['countryOfBirthCode', (one) => one.countryOfBirthCode],
  ['stateOfBirthAbbreviation', () => ''],
  ['cityOfBirth', () => ''],
  ['publicSchoolResidenceStatus', () => ''],
]

const categories11: Columns<Records.Category> = [['title', (category) => category.title]]
const categories12: Columns<Records.Category> = [...categories11, ['weight', (category) => String(category.weight)]]

const lineItems = (session: Columns<Records.LineItem>): Columns<Records.LineItem> => [
  ['title', (item) => item.title],
  ['description', (item) => item.description],
  ['assignDate', (item) => item.assignDate],
  ['dueDate', (item) => item.dueDate],
  ['classSourcedId', (item) => item.class],
  ['categorySourcedId', (item) => item.category],
  ...session,
  ['resultValueMin', (item) => String(item.resultValueMin)],
  ['resultValueMax', (item) => String(item.resultValueMax)],
]
const lineItems11 = lineItems([['gradingPeriodSourcedId', (item) => item.gradingPeriod]])
const lineItems12: Columns<Records.LineItem> = [
  ...lineItems([['academicSessionSourcedId', (item) => item.academicSession]]),
  ['schoolSourcedId', (item) => item.school],
]

const gradesOfResult: Columns<Records.Result> = [
  ['lineItemSourcedId', (result) => result.lineItem],
  ['studentSourcedId', (result) => result.student],
  ['scoreStatus', (result) => result.scoreStatus],
  ['score', (result) => String(result.score)],
  ['scoreDate', (result) => result.scoreDate],
  ['comment', (result) => result.comment],
]
const creditsOfResult: Columns<Records.Result> = ['creditsAttempted', 'creditsEarned', 'gradeLevel'].map((name) => [
  `metadata.${name}`,
  (result) => result.metadata?.[name] ?? '',
])
const results11: Columns<Records.Result> = [...gradesOfResult, ...creditsOfResult]
const results12: Columns<Records.Result> = [
  ...gradesOfResult,
  ['textScore', (result) => result.textScore],
  ['classSourcedId', (result) => result.class],
  ['inProgress', () => 'false'],
  ['incomplete', () => 'false'],
  ['late', (result) => String(result.isLate)],
  ['missing', (result) => String(result.scoreStatus === 'not submitted')],
  ...creditsOfResult,
]

function rolesFile(users: Listing<Records.User>): DataFile {
  return {
    name: 'roles',
    header:
      'sourcedId status dateLastModified userSourcedId roleType role beginDate endDate orgSourcedId userProfileSourcedId'.split(
        ' ',
      ),
    size: users.size,
    rowsOf(index) {
      const { sourcedId: user, status, roles } = users.at(index)
      if (status !== 'active') return []
      return roles.map(({ sourcedId, roleType, role, beginDate, endDate, org, userProfile }) => {
        return [sourcedId, '', '', user, roleType, role, beginDate, endDate, org, userProfile]
      })
    },
  }
}

function userProfilesFile(users: Listing<Records.User>): DataFile {
  return {
    name: 'userProfiles',
    header: (
      'sourcedId status dateLastModified userSourcedId profileType vendorId applicationId description credentialType ' +
      'username password'
    ).split(' '),
    size: users.size,
    rowsOf(index) {
      const { sourcedId: user, status, userProfiles } = users.at(index)
      if (status !== 'active') return []
      return userProfiles.map((profile) => {
        const { sourcedId, profileType, vendorId, applicationId, description, credentialType, username } = profile
        return [
          sourcedId,
          '',
          '',
          user,
          profileType,
          vendorId,
          applicationId,
          description,
          credentialType,
          username,
          '',
        ]
      })
    },
  }
}
