import type { ColumnKind } from './column.ts'

/** The closed lists of OneRoster CSV. */

export const statuses = ['active', 'tobedeleted'] as const

/** CEDS Entry Grade Level. A deployment of 1.2 may use other words, which is why an unknown grade is a warning. */
export const grades: readonly string[] = [
  ...['IT', 'PR', 'PK', 'TK', 'KG', '01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12', '13'],
  ...['PS', 'UG', 'Other'],
]

const orgTypes = ['department', 'school', 'district', 'local', 'state', 'national']
const sessionTypes = ['gradingPeriod', 'semester', 'schoolYear', 'term']
const classTypes = ['homeroom', 'scheduled']
const userRoles11 = ['administrator', 'aide', 'guardian', 'parent', 'proctor', 'relative', 'student', 'teacher']
const userRoles12 = [
  ...['aide', 'counselor', 'districtAdministrator', 'guardian', 'parent', 'principal', 'proctor', 'relative'],
  ...['siteAdministrator', 'student', 'systemAdministrator', 'teacher'],
]
const enrollmentRoles = ['administrator', 'proctor', 'student', 'teacher']
const sexes11 = ['male', 'female']
const scoreStatuses = ['exempt', 'fully graded', 'not submitted', 'partially graded', 'submitted']
const ranks = ['primary', 'secondary']
const objectiveSources = ['case', 'unknown']

function extensible(values: readonly string[]): ColumnKind {
  return { type: 'enum', values: { '1.1': values, '1.2': values }, isExtensible: true }
}

function closed(values: readonly string[]): ColumnKind {
  return { type: 'enum', values: { '1.1': values, '1.2': values } }
}

export const status = closed(statuses)
export const orgType = extensible(orgTypes)
export const sessionType = extensible(sessionTypes)
export const classType = extensible(classTypes)
export const userRole11 = closed(userRoles11)
export const userRole12 = extensible(userRoles12)
export const enrollmentRole = extensible(enrollmentRoles)
export const roleType = closed(ranks)
export const importance = closed(ranks)
export const scoreStatus = extensible(scoreStatuses)
export const objectiveSource = extensible(objectiveSources)
export const sex: ColumnKind = {
  type: 'enum',
  values: { '1.1': sexes11, '1.2': [...sexes11, 'unspecified', 'other'] },
  isExtensible: true,
}
export const resourceRoles: ColumnKind = { ...extensible(userRoles11), isList: true }
