/**
 * What an invented district has, in OneRoster's own words and in no binding: the CSV package and the REST provider both
 * write these. A reference is the `sourcedId` of what it points to; an empty string is "no value".
 */
export type RosterRecord = {
  readonly sourcedId: string
  /** A bulk package leaves out what is `tobedeleted`; a provider still lists it. */
  readonly status: 'active' | 'tobedeleted'
  readonly dateLastModified: string
  readonly metadata?: Readonly<Record<string, string>>
}

export type Org = RosterRecord & {
  readonly name: string
  readonly type: 'district' | 'school' | 'department'
  readonly identifier: string
  readonly parent: string
  readonly children: readonly string[]
}

export type AcademicSession = RosterRecord & {
  readonly title: string
  readonly type: 'schoolYear' | 'semester' | 'term' | 'gradingPeriod'
  readonly startDate: string
  /** The day after the last day. */
  readonly endDate: string
  readonly parent: string
  readonly children: readonly string[]
  /** The year in which the school year ends. */
  readonly schoolYear: string
}

export type Course = RosterRecord & {
  readonly title: string
  readonly schoolYear: string
  readonly courseCode: string
  readonly grades: readonly string[]
  readonly org: string
  readonly subjects: readonly string[]
  readonly subjectCodes: readonly string[]
}

export type RosterClass = RosterRecord & {
  readonly title: string
  readonly classCode: string
  readonly classType: 'homeroom' | 'scheduled'
  readonly location: string
  readonly grades: readonly string[]
  readonly subjects: readonly string[]
  readonly subjectCodes: readonly string[]
  readonly course: string
  readonly school: string
  readonly terms: readonly string[]
  readonly periods: readonly string[]
}

/** The words of 1.2; `version-1-1.ts` has what 1.1 calls them. */
export type RoleName =
  | 'student'
  | 'teacher'
  | 'aide'
  | 'counselor'
  | 'principal'
  | 'districtAdministrator'
  | 'parent'
  | 'guardian'
  | 'relative'

export type Role = {
  readonly sourcedId: string
  readonly roleType: 'primary' | 'secondary'
  readonly role: RoleName
  readonly org: string
  readonly beginDate: string
  readonly endDate: string
  readonly userProfile: string
}

export type UserProfile = {
  readonly sourcedId: string
  readonly profileType: string
  readonly vendorId: string
  readonly applicationId: string
  readonly description: string
  readonly credentialType: string
  readonly username: string
}

export type User = RosterRecord & {
  readonly enabledUser: boolean
  readonly username: string
  readonly userIds: readonly { readonly type: string; readonly identifier: string }[]
  readonly givenName: string
  readonly familyName: string
  readonly middleName: string
  readonly preferredGivenName: string
  readonly preferredMiddleName: string
  readonly preferredFamilyName: string
  readonly pronouns: string
  readonly identifier: string
  readonly userMasterIdentifier: string
  readonly email: string
  readonly sms: string
  readonly phone: string
  readonly agents: readonly string[]
  readonly grades: readonly string[]
  /** The first is the one that counts where a binding takes only one. */
  readonly roles: readonly Role[]
  readonly primaryOrg: string
  readonly userProfiles: readonly UserProfile[]
}

export type Enrollment = RosterRecord & {
  readonly class: string
  readonly school: string
  readonly user: string
  readonly role: 'student' | 'teacher'
  readonly primary: boolean | null
  readonly beginDate: string
  readonly endDate: string
}

export type Demographics = RosterRecord & {
  readonly birthDate: string
  readonly sex: 'male' | 'female'
  /** The column of demographics.csv that is true. */
  readonly race: string
  readonly isHispanicOrLatino: boolean
  readonly countryOfBirthCode: string
}

export type Category = RosterRecord & { readonly title: string; readonly weight: number }

export type LineItem = RosterRecord & {
  readonly title: string
  readonly description: string
  readonly assignDate: string
  readonly dueDate: string
  readonly class: string
  readonly school: string
  readonly category: string
  readonly gradingPeriod: string
  readonly academicSession: string
  readonly resultValueMin: number
  readonly resultValueMax: number
}

export type Result = RosterRecord & {
  readonly lineItem: string
  readonly student: string
  readonly class: string
  readonly scoreStatus: 'fully graded' | 'not submitted' | 'exempt'
  readonly score: number
  readonly textScore: string
  readonly scoreDate: string
  readonly comment: string
  readonly isLate: boolean
}
