import type * as Records from '../../invented-district/records.ts'
import type { Json } from '../query/parse-filter.ts'
import { instantOf, opening, racesOf, refsTo, refTo, withoutBlanks, type Binding } from './binding.ts'
import type { Writers } from './writers.ts'

/** JSON of 1.2, in which a user has roles in place of a role and orgs. What has no value is left out later. */
export const writers12: Writers = {
  org: (record, binding) => ({
    ...opening(record),
    ...{ name: record.name, type: record.type, identifier: record.identifier },
    parent: refIfAny(binding, 'org', record.parent),
    children: refsTo(binding, 'org', record.children),
  }),
  academicSession: (record, binding) => ({
    ...opening(record),
    ...{ title: record.title, startDate: record.startDate, endDate: record.endDate, type: record.type },
    parent: refIfAny(binding, 'academicSession', record.parent),
    children: refsTo(binding, 'academicSession', record.children),
    schoolYear: record.schoolYear,
  }),
  course: (record, binding) => ({
    ...opening(record),
    title: record.title,
    schoolYear: refIfAny(binding, 'academicSession', record.schoolYear),
    ...{ courseCode: record.courseCode, grades: record.grades, subjects: record.subjects },
    org: refTo(binding, 'org', record.org),
    subjectCodes: record.subjectCodes,
  }),
  class: (record, binding) => ({
    ...opening(record),
    ...{ title: record.title, classCode: record.classCode, classType: record.classType, location: record.location },
    ...{ grades: record.grades, subjects: record.subjects },
    course: refTo(binding, 'course', record.course),
    school: refTo(binding, 'org', record.school),
    terms: refsTo(binding, 'academicSession', record.terms),
    ...{ subjectCodes: record.subjectCodes, periods: record.periods },
  }),
  user: (record, binding) => ({
    ...opening(record),
    ...{ userMasterIdentifier: record.userMasterIdentifier, username: record.username, userIds: record.userIds },
    enabledUser: binding.boolean(record.enabledUser),
    ...{ givenName: record.givenName, familyName: record.familyName, middleName: record.middleName },
    // The CSV binding says preferredGivenName and preferredFamilyName.
    preferredFirstName: record.preferredGivenName,
    preferredMiddleName: record.preferredMiddleName,
    preferredLastName: record.preferredFamilyName,
    pronouns: record.pronouns,
    roles: record.roles.map((role) => roleOf(role, binding)),
    userProfiles: record.userProfiles.map(profileOf),
    primaryOrg: refIfAny(binding, 'org', record.primaryOrg),
    ...{ identifier: record.identifier, email: record.email, sms: record.sms, phone: record.phone },
    agents: refsTo(binding, 'user', record.agents),
    grades: record.grades,
  }),
  enrollment: (record, binding) => ({
    ...opening(record),
    user: refTo(binding, 'user', record.user),
    class: refTo(binding, 'class', record.class),
    school: refTo(binding, 'org', record.school),
    role: record.role,
    primary: record.primary === null ? null : binding.boolean(record.primary),
    ...{ beginDate: record.beginDate, endDate: record.endDate },
  }),
  demographics: (record, binding) => ({
    ...opening(record),
    ...{ birthDate: record.birthDate, sex: record.sex },
    ...racesOf(binding, record.race),
    hispanicOrLatinoEthnicity: binding.boolean(record.isHispanicOrLatino),
    countryOfBirthCode: record.countryOfBirthCode,
  }),
  category: (record) => ({ ...opening(record), title: record.title, weight: record.weight }),
  lineItem: (record, binding) => ({
    ...opening(record),
    ...{ title: record.title, description: record.description },
    ...{ assignDate: instantOf(record.assignDate), dueDate: instantOf(record.dueDate) },
    class: refTo(binding, 'class', record.class),
    school: refTo(binding, 'org', record.school),
    category: refTo(binding, 'category', record.category),
    gradingPeriod: refTo(binding, 'academicSession', record.gradingPeriod),
    academicSession: refTo(binding, 'academicSession', record.academicSession),
    ...{ resultValueMin: record.resultValueMin, resultValueMax: record.resultValueMax },
  }),
  result: (record, binding) => ({
    ...opening(record),
    lineItem: refTo(binding, 'lineItem', record.lineItem),
    student: refTo(binding, 'user', record.student),
    class: refTo(binding, 'class', record.class),
    ...{ scoreStatus: record.scoreStatus, score: record.score, textScore: record.textScore },
    ...{ scoreDate: record.scoreDate, comment: record.comment },
    ...{ inProgress: binding.boolean(false), incomplete: binding.boolean(false) },
    late: binding.boolean(record.isLate),
    missing: binding.boolean(record.scoreStatus === 'not submitted'),
  }),
}

function roleOf({ roleType, role, org, userProfile, beginDate, endDate }: Records.Role, binding: Binding): Json {
  return withoutBlanks({ roleType, role, org: refTo(binding, 'org', org), userProfile, beginDate, endDate })
}

function profileOf(profile: Records.UserProfile): Json {
  const { sourcedId, profileType, vendorId, applicationId, description, credentialType, username } = profile
  const credentials = [{ type: credentialType, username }]
  return withoutBlanks({ profileId: sourcedId, profileType, vendorId, applicationId, description, credentials })
}

function refIfAny(binding: Binding, type: 'org' | 'academicSession', sourcedId: string): Json | null {
  return sourcedId === '' ? null : refTo(binding, type, sourcedId)
}
