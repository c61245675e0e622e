import { demographicsLifecycle, studentLifecycle } from './student-lifecycle.ts'
import { gradeIndexOf, schoolAt, secondSchoolIndexOf, type Layout } from './layout.ts'
import { renamedOn } from './lifecycle.ts'
import { makeListing, type Listing } from './listing.ts'
import type { Demographics, Role, User } from './records.ts'
import { agentsOfStudent } from './relatives.ts'

export function listStudents(layout: Layout): Listing<User> {
  return makeListing(layout.students, (index) => makeStudent(layout, index + 1))
}

export function listDemographics(layout: Layout): Listing<Demographics> {
  return makeListing(layout.students, (index) => {
    const student = layout.studentOf(index + 1)
    return {
      sourcedId: student.sourcedId,
      birthDate: student.birthDate,
      sex: student.sex,
      race: student.race,
      isHispanicOrLatino: student.isHispanicOrLatino,
      countryOfBirthCode: 'US',
      ...demographicsLifecycle(layout, index + 1),
    }
  })
}

function makeStudent(layout: Layout, number: number): User {
  const student = layout.studentOf(number)
  const schools = schoolsOf(layout, number)
  const profile = number % 5 === 0 ? `profile-${student.identifier}` : ''
  return {
    sourcedId: student.sourcedId,
    enabledUser: number % 60 !== 20,
    username: student.username,
    userIds: [{ type: 'LDAP', identifier: student.identifier }],
    givenName: renamedOn(layout, number) === undefined ? student.givenName : `${student.givenName}a`,
    familyName: student.familyName,
    middleName: student.middleName,
    preferredGivenName: number % 15 === 1 ? student.givenName.slice(0, 3) : '',
    preferredMiddleName: '',
    preferredFamilyName: '',
    pronouns: number % 30 === 1 ? 'they/them' : '',
    identifier: student.identifier,
    userMasterIdentifier: `M${student.identifier}`,
    email: student.email,
    sms: '',
    phone: student.phone,
    agents: agentsOfStudent(layout, number),
    grades: [student.grade],
    roles: schools.map((org, at): Role => ({
      sourcedId: `role-${student.identifier}-${String(at + 1)}`,
      // One primary role for each org.
      ...{ roleType: 'primary', role: 'student', org },
      ...{ beginDate: `${String(layout.startYear)}-08-15`, endDate: '', userProfile: at === 0 ? profile : '' },
    })),
    primaryOrg: schools[0] ?? '',
    userProfiles:
      profile === ''
        ? []
        : [
            {
              ...{ sourcedId: profile, profileType: 'Learning platform', vendorId: 'example-lms' },
              ...{ applicationId: 'default', description: '', credentialType: 'username' },
              username: student.username,
            },
          ],
    metadata: { classYear: String(layout.startYear + 13 - gradeIndexOf(student)) },
    ...studentLifecycle(layout, number),
  }
}

/** The school of a student, and the second one if there is one, as ids. */
function schoolsOf(layout: Layout, number: number): string[] {
  const first = layout.studentOf(number).schoolNumber - 1
  const second = secondSchoolIndexOf(layout, number)
  return [schoolAt(layout, first), ...(second === undefined ? [] : [schoolAt(layout, second)])]
}
