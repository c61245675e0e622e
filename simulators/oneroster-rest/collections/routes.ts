import type { District } from '../../invented-district/invent-district.ts'
import { eachOf } from '../../invented-district/listing.ts'
import type * as Records from '../../invented-district/records.ts'
import { roleOf11 } from '../../invented-district/version-1-1.ts'
import type { Version } from '../options.ts'
import type { ShelfName } from './shelf.ts'

export type Ids = Readonly<Record<string, string>>

/** A collection by its path. `:x` is a sourcedId, and whatever it names must be there. */
export type Route = {
  readonly path: string
  readonly shelf: ShelfName
  /** Made once for a request; leaves out what does not belong to the path. */
  readonly choose?: (district: District, ids: Ids, version: Version) => (record: never) => boolean
}

type Keep<R> = (district: District, ids: Ids, version: Version) => (record: R) => boolean

const route = <R>(path: string, shelf: ShelfName, choose: Keep<R>): Route => ({ path, shelf, choose })

const isStudent = (user: Records.User) => roleOf11(user) === 'student'
/** In 1.1 a counselor who teaches is an aide: whom `/teachers` lists has to say so of herself. */
const isTeacher = (user: Records.User, version: Version) =>
  version === '1.1' ? roleOf11(user) === 'teacher' : user.roles.some(({ role }) => role === 'teacher')
const isAt = (user: Records.User, school: string | undefined) => user.roles.some(({ org }) => org === school)

function enrolled(district: District, keep: (enrollment: Records.Enrollment) => boolean, of: 'user' | 'class') {
  const found = new Set<string>()
  for (const enrollment of eachOf(district.enrollments)) if (keep(enrollment)) found.add(enrollment[of])
  return found
}

const usersOfClass = (path: string, role: 'student' | 'teacher'): Route =>
  route<Records.User>(path, 'users', (district, ids) => {
    const users = enrolled(district, (one) => one.class === ids['class'] && one.role === role, 'user')
    return ({ sourcedId }) => users.has(sourcedId)
  })

const classesOfUser = (path: string): Route =>
  route<Records.RosterClass>(path, 'classes', (district, ids) => {
    const classes = enrolled(district, (one) => one.user === ids['user'], 'class')
    return ({ sourcedId }) => classes.has(sourcedId)
  })

/** Every collection of 4.2 of the reference. A single record is a collection of whole records and an id. */
export const routes: readonly Route[] = [
  { path: 'orgs', shelf: 'orgs' },
  route<Records.Org>(
    'schools',
    'orgs',
    () =>
      ({ type }) =>
        type === 'school',
  ),
  { path: 'users', shelf: 'users' },
  route<Records.User>('students', 'users', () => isStudent),
  route<Records.User>('teachers', 'users', (_, _ids, version) => (user) => isTeacher(user, version)),
  { path: 'academicSessions', shelf: 'academicSessions' },
  route<Records.AcademicSession>(
    'terms',
    'academicSessions',
    () =>
      ({ type }) =>
        type === 'term',
  ),
  route<Records.AcademicSession>(
    'gradingPeriods',
    'academicSessions',
    () =>
      ({ type }) =>
        type === 'gradingPeriod',
  ),
  { path: 'courses', shelf: 'courses' },
  { path: 'classes', shelf: 'classes' },
  { path: 'enrollments', shelf: 'enrollments' },
  { path: 'demographics', shelf: 'demographics' },
  { path: 'categories', shelf: 'categories' },
  { path: 'lineItems', shelf: 'lineItems' },
  { path: 'results', shelf: 'results' },
  { path: 'resources', shelf: 'resources' },

  route<Records.Course>('schools/:school/courses', 'courses', (district, ids) => {
    const taught = new Set(
      [...eachOf(district.classes)].filter((one) => one.school === ids['school']).map(({ course }) => course),
    )
    return ({ sourcedId, org }) => org === ids['school'] || taught.has(sourcedId)
  }),
  route<Records.RosterClass>(
    'schools/:school/classes',
    'classes',
    (_, ids) =>
      ({ school }) =>
        school === ids['school'],
  ),
  route<Records.Enrollment>(
    'schools/:school/enrollments',
    'enrollments',
    (_, ids) =>
      ({ school }) =>
        school === ids['school'],
  ),
  route<Records.User>(
    'schools/:school/students',
    'users',
    (_, ids) => (user) => isStudent(user) && isAt(user, ids['school']),
  ),
  route<Records.User>(
    'schools/:school/teachers',
    'users',
    (_, ids, version) => (user) => isTeacher(user, version) && isAt(user, ids['school']),
  ),
  route<Records.AcademicSession>('schools/:school/terms', 'academicSessions', (district, ids) => {
    const terms = new Set(
      [...eachOf(district.classes)].filter((one) => one.school === ids['school']).flatMap((one) => one.terms),
    )
    return ({ sourcedId, type }) => type === 'term' && terms.has(sourcedId)
  }),
  route<Records.Enrollment>('schools/:school/classes/:class/enrollments', 'enrollments', (_, ids) => (one) => {
    return one.school === ids['school'] && one.class === ids['class']
  }),
  usersOfClass('schools/:school/classes/:class/students', 'student'),
  usersOfClass('schools/:school/classes/:class/teachers', 'teacher'),
  route<Records.RosterClass>(
    'terms/:term/classes',
    'classes',
    (_, ids) =>
      ({ terms }) =>
        terms.includes(ids['term'] ?? ''),
  ),
  route<Records.AcademicSession>('terms/:term/gradingPeriods', 'academicSessions', (_, ids) => (session) => {
    return session.type === 'gradingPeriod' && session.parent === ids['term']
  }),
  route<Records.RosterClass>(
    'courses/:course/classes',
    'classes',
    (_, ids) =>
      ({ course }) =>
        course === ids['course'],
  ),
  classesOfUser('students/:user/classes'),
  classesOfUser('teachers/:user/classes'),
  classesOfUser('users/:user/classes'),
  usersOfClass('classes/:class/students', 'student'),
  usersOfClass('classes/:class/teachers', 'teacher'),
  { path: 'courses/:course/resources', shelf: 'resources' },
  { path: 'classes/:class/resources', shelf: 'resources' },
  route<Records.LineItem>('classes/:class/lineItems', 'lineItems', (_, ids) => (item) => item.class === ids['class']),
  route<Records.Result>('classes/:class/results', 'results', (_, ids) => (result) => result.class === ids['class']),
  route<Records.Result>('classes/:class/lineItems/:lineItem/results', 'results', (_, ids) => (result) => {
    return result.class === ids['class'] && result.lineItem === ids['lineItem']
  }),
  route<Records.Result>('classes/:class/students/:user/results', 'results', (_, ids) => (result) => {
    return result.class === ids['class'] && result.student === ids['user']
  }),
]
