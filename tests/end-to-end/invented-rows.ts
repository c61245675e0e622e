import { inventStudent, type InventedStudent } from '../../simulators/oneroster-package/invented-people.ts'
import { schoolSourcedId } from '../../simulators/oneroster-package/make-package.ts'

/** The people of an invented package, in its order. */
export function inventStudents(seed: number, count: number, studentsPerSchool = 600): InventedStudent[] {
  const schools = Math.max(2, Math.ceil(count / studentsPerSchool))
  return Array.from({ length: count }, (_, index) => inventStudent(seed, index + 1, schools))
}

/** A row of users.csv, 1.1, with some columns of it replaced. */
export function userRow(student: InventedStudent, changes: Partial<InventedStudent> & { orgs?: string } = {}): string {
  const { orgs, ...fields } = changes
  const person = { ...student, ...fields }
  return [
    ...[person.sourcedId, '', '', 'true', orgs ?? schoolSourcedId(person.schoolNumber), 'student', person.username],
    ...[`{LDAP:${person.identifier}}`, person.givenName, person.familyName, person.middleName, person.identifier],
    ...[person.email, '', person.phone, '', person.grade, ''],
  ].join(',')
}

/**
 * How `records --csv` prints an invented student on `today`, by contract.md alone: none of the product's mapping is
 * used here.
 */
export function expectedRecord(student: InventedStudent, today = new Date()): Readonly<Record<string, string>> {
  const given = {
    status: 'active',
    sisId: student.identifier,
    sourceKey: student.sourcedId,
    username: student.username,
    federatedId: `LDAP:${student.identifier}`,
    givenName: student.givenName,
    middleName: student.middleName,
    familyName: student.familyName,
    birthDate: student.birthDate,
    sex: student.sex,
    ethnicity: student.isHispanicOrLatino ? 'hispanicOrLatino' : '',
    race: student.race,
    email: student.email,
    phone: student.phone,
    schoolId: schoolSourcedId(student.schoolNumber),
    gradeLevel: student.grade,
    classYear: String(classYearOf(student.grade, today)),
    enrollmentStatus: 'active',
  }
  return { ...Object.fromEntries(fieldsLeftBlank.map((field) => [field, ''])), ...given }
}

const fieldsLeftBlank = (
  'stateId preferredName street city state postalCode gpaWeighted gpaUnweighted homeLanguage ellStatus counselorId ' +
  'homeroom'
).split(' ')

/** The columns of `records --csv` without custom fields, in the order of docs/reference/data-types.md. */
export const recordColumns = (
  'recordId status sisId sourceKey stateId username federatedId givenName middleName familyName preferredName ' +
  'birthDate sex ethnicity race email phone street city state postalCode schoolId gradeLevel classYear ' +
  'enrollmentStatus gpaWeighted gpaUnweighted homeLanguage ellStatus counselorId homeroom'
).split(' ')

/** Grade 12 graduates in the summer in which the current academic year ends; it turns over on 1 July. */
function classYearOf(grade: string, today: Date): number {
  const endOfYear = today.getUTCFullYear() + (today.getUTCMonth() >= 6 ? 1 : 0)
  return endOfYear + (grade === 'KG' ? 12 : 12 - Number(grade))
}
