import type * as Records from '../../invented-district/records.ts'
import { orgsOf11, roleOf11 } from '../../invented-district/version-1-1.ts'
import type { Json } from '../query/parse-filter.ts'
import { instantOf, opening, racesOf, refsTo, refTo, type Binding } from './binding.ts'
import type { Writers } from './writers.ts'

/** JSON of 1.1: text without a value is `""`, a date or a reference without one is null. */
export const writers11: Writers = {
  org: (record, binding) => ({
    ...opening(record),
    ...{ name: record.name, type: record.type, identifier: record.identifier },
    parent: refOrNull(binding, 'org', record.parent),
    children: refsTo(binding, 'org', record.children),
  }),
  academicSession: (record, binding) => ({
    ...opening(record),
    ...{ title: record.title, startDate: record.startDate, endDate: record.endDate, type: record.type },
    parent: refOrNull(binding, 'academicSession', record.parent),
    children: refsTo(binding, 'academicSession', record.children),
    schoolYear: record.schoolYear,
  }),
  course: (record, binding) => ({
    ...opening(record),
    title: record.title,
    schoolYear: refOrNull(binding, 'academicSession', record.schoolYear),
    ...{ courseCode: record.courseCode, grades: record.grades, subjects: record.subjects },
    org: refTo(binding, 'org', record.org),
    ...{ subjectCodes: record.subjectCodes, resources: [] },
  }),
  class: (record, binding) => ({
    ...opening(record),
    ...{ title: record.title, classCode: record.classCode, classType: record.classType, location: record.location },
    ...{ grades: record.grades, subjects: record.subjects },
    course: refTo(binding, 'course', record.course),
    school: refTo(binding, 'org', record.school),
    terms: refsTo(binding, 'academicSession', record.terms),
    ...{ subjectCodes: record.subjectCodes, periods: record.periods, resources: [] },
  }),
  user: (record, binding) => ({
    ...opening(record),
    ...{ username: record.username, userIds: record.userIds, enabledUser: binding.boolean(record.enabledUser) },
    ...{ givenName: record.givenName, familyName: record.familyName, middleName: record.middleName },
    ...{ role: roleOf11(record), identifier: record.identifier, email: record.email },
    ...{ sms: record.sms, phone: record.phone },
    agents: refsTo(binding, 'user', record.agents),
    orgs: refsTo(binding, 'org', orgsOf11(record)),
    grades: record.grades,
  }),
  enrollment: (record, binding) => ({
    ...opening(record),
    user: refTo(binding, 'user', record.user),
    class: refTo(binding, 'class', record.class),
    school: refTo(binding, 'org', record.school),
    role: record.role,
    primary: record.primary === null ? null : binding.boolean(record.primary),
    ...{ beginDate: orNull(record.beginDate), endDate: orNull(record.endDate) },
  }),
  demographics: (record, binding) => ({
    ...opening(record),
    ...{ birthDate: record.birthDate, sex: record.sex },
    ...racesOf(binding, record.race),
    hispanicOrLatinoEthnicity: binding.boolean(record.isHispanicOrLatino),
    countryOfBirthCode: record.countryOfBirthCode,
    ...{ stateOfBirthAbbreviation: '', cityOfBirth: '', publicSchoolResidenceStatus: '' },
  }),
  category: (record) => ({ ...opening(record), title: record.title }),
  lineItem: (record, binding) => ({
    ...opening(record),
    ...{ title: record.title, description: record.description },
    ...{ assignDate: instantOf(record.assignDate), dueDate: instantOf(record.dueDate) },
    class: refTo(binding, 'class', record.class),
    category: refTo(binding, 'category', record.category),
    gradingPeriod: refTo(binding, 'academicSession', record.gradingPeriod),
    ...{ resultValueMin: record.resultValueMin, resultValueMax: record.resultValueMax },
  }),
  result: (record, binding) => ({
    ...opening(record),
    lineItem: refTo(binding, 'lineItem', record.lineItem),
    student: refTo(binding, 'user', record.student),
    ...{ scoreStatus: record.scoreStatus, score: record.score },
    ...{ scoreDate: instantOf(record.scoreDate), comment: record.comment },
  }),
}

function refOrNull(binding: Binding, type: 'org' | 'academicSession', sourcedId: string): Json | null {
  return sourcedId === '' ? null : refTo(binding, type, sourcedId)
}

function orNull(date: Records.Enrollment['endDate']): string | null {
  return date === '' ? null : date
}
