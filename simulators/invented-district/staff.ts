import { inventStudent } from '../oneroster-package/invented-people.ts'
import { schoolAt, type Layout } from './layout.ts'
import { leftOn, lifecycleOf } from './lifecycle.ts'
import { joinListings, listingOf, makeListing, type Listing } from './listing.ts'
import type { Role, RoleName, User } from './records.ts'
import { childNumberOfFirstTeacher, childOfFirstTeacher } from './relatives.ts'
import { teacherSourcedId } from './staff-ids.ts'

type Post = { readonly role: RoleName; readonly org: string; readonly roleType?: 'secondary' }

/** Teachers of all schools, then principals, counselors, aides and two people of the whole district. */
export function listStaff(layout: Layout): Listing<User> {
  const perSchool = layout.teachersPerSchool
  const teachers = makeListing(layout.schools * perSchool, (index) =>
    makeTeacher(layout, Math.floor(index / perSchool), 1 + (index % perSchool)),
  )
  const others = makeListing(layout.schools * 3, (index) => makeOther(layout, Math.floor(index / 3), index % 3))
  const everywhere = Array.from({ length: Math.min(5, layout.schools) }, (_, index) => schoolAt(layout, index))
  const ofDistrict = [
    makeAdult(layout, 'staff-superintendent', 9_000_001, [{ role: 'districtAdministrator', org: 'district' }]),
    // One nurse for several schools.
    makeAdult(
      layout,
      'staff-nurse',
      9_000_002,
      everywhere.map((org) => ({ role: 'aide', org })),
    ),
  ]
  return joinListings(teachers, others, listingOf(ofDistrict))
}

function makeTeacher(layout: Layout, school: number, teacher: number): User {
  const org = schoolAt(layout, school)
  const posts: Post[] = [{ role: 'teacher', org }]
  // Every twelfth teaches at the next school too.
  if (teacher % 12 === 5) posts.push({ role: 'teacher', org: schoolAt(layout, school + 1) })
  const child = teacher === 1 ? childOfFirstTeacher(layout, school) : undefined
  const agents: string[] = []
  if (child !== undefined) {
    const student = layout.studentOf(child)
    const childsSchool = schoolAt(layout, student.schoolNumber - 1)
    // A teacher who is also a parent. Each org has one primary role.
    const isHere = posts.some((post) => post.org === childsSchool)
    posts.push({ role: 'parent', org: childsSchool, ...(isHere ? { roleType: 'secondary' } : {}) })
    agents.push(student.sourcedId)
  }
  const number = 1 + school * layout.teachersPerSchool + teacher
  const changedOn = teacher === 1 ? leftOn(layout, childNumberOfFirstTeacher(school)) : undefined
  return makeAdult(layout, teacherSourcedId(layout, school, teacher), number, posts, agents, changedOn)
}

function makeOther(layout: Layout, school: number, kind: number): User {
  const org = schoolAt(layout, school)
  const number = 5_000_000 + school * 3 + kind
  const suffix = org.slice('school-'.length)
  if (kind === 0) return makeAdult(layout, `principal-${suffix}`, number, [{ role: 'principal', org }])
  // A counselor who also teaches: two roles at one school.
  const posts: Post[] = [
    { role: 'counselor', org },
    { role: 'teacher', org, roleType: 'secondary' },
  ]
  if (kind === 1) return makeAdult(layout, `counselor-${suffix}`, number, posts)
  return makeAdult(layout, `aide-${suffix}`, number, [{ role: 'aide', org }])
}

function makeAdult(
  layout: Layout,
  sourcedId: string,
  number: number,
  posts: readonly Post[],
  agents: readonly string[] = [],
  changedOn?: number,
): User {
  // Another seed: the names are drawn like the students', and not the same.
  const person = inventStudent(layout.seed + 1, number, layout.schools)
  return {
    sourcedId,
    enabledUser: true,
    username: `t.${person.username}`,
    userIds: [{ type: 'LDAP', identifier: `T${String(number)}` }],
    givenName: person.givenName,
    familyName: person.familyName,
    middleName: person.middleName,
    ...{ preferredGivenName: '', preferredMiddleName: '', preferredFamilyName: '', pronouns: '' },
    identifier: `T${String(number)}`,
    userMasterIdentifier: '',
    email: `t.${person.username}@lincoln.example`,
    ...{ sms: '', phone: person.phone, agents, grades: [] },
    roles: posts.map(({ role, org, roleType }, at): Role => ({
      sourcedId: `role-${sourcedId}-${String(at + 1)}`,
      roleType: roleType ?? 'primary',
      ...{ role, org, beginDate: '', endDate: '', userProfile: '' },
    })),
    primaryOrg: posts[0]?.org ?? '',
    userProfiles: [],
    ...lifecycleOf(layout, number, { changedOn }),
  }
}
