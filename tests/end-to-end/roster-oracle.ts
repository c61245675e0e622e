import { buffer } from 'node:stream/consumers'
import { parse } from 'csv-parse/sync'
import JSZip from 'jszip'
import { writeDistrict, type DistrictPackageRequest } from '../../simulators/oneroster-package/write-district.ts'

type Row = Readonly<Record<string, string>>

/** What each data type of a OneRoster 1.1 package must become: shown keys and fields, told from the files alone. */
export type ExpectedRoster = Readonly<Record<string, ReadonlyMap<string, Row>>>

export async function packageOfDistrict(request: DistrictPackageRequest): Promise<Buffer> {
  return buffer(writeDistrict(request))
}

const list = (cell: string | undefined): string[] => (cell ?? '').split(',').filter((item) => item !== '')
const sorted = (items: Iterable<string>): string => [...new Set(items)].sort().join(';')

/** Reads the files of a bulk package and says what is held afterwards, in words of its own. */
export async function expectRoster(content: Buffer, today: string): Promise<ExpectedRoster> {
  const zip = await JSZip.loadAsync(content)
  const read = async (file: string): Promise<Row[]> => {
    const member = zip.file(`${file}.csv`)
    return member === null ? [] : parse<Row>(await member.async('string'), { columns: true })
  }
  const [orgs, sessions, courses, sections] = [
    await read('orgs'),
    await read('academicSessions'),
    await read('courses'),
    await read('classes'),
  ]
  const [users, enrollments] = [await read('users'), await read('enrollments')]
  const at = (row: Row, column: string): string => row[column] ?? ''
  const schools = new Set(orgs.filter((org) => org['type'] === 'school').map((org) => at(org, 'sourcedId')))

  const active = users.filter((user) => user['enabledUser'] !== 'false')
  const byKey = (rows: readonly Row[], toFields: (row: Row) => Row) =>
    new Map(rows.map((row) => [at(row, 'sourcedId'), toFields(row)]))
  const names = (row: Row) => ({
    givenName: at(row, 'givenName'),
    familyName: at(row, 'familyName'),
    username: at(row, 'username'),
  })
  const students = byKey(
    active.filter(({ role }) => role === 'student'),
    names,
  )
  const staff = byKey(
    active.filter(
      (user) => ['teacher', 'administrator', 'aide', 'proctor'].includes(at(user, 'role')) && at(user, 'email') !== '',
    ),
    (row) => ({
      ...names(row),
      email: at(row, 'email'),
      roles: at(row, 'role'),
      schoolIds: sorted(list(row['orgSourcedIds'])),
    }),
  )
  const children = new Map<string, Set<string>>()
  for (const user of users) {
    for (const agent of list(user['agentSourcedIds'])) {
      const own = at(user, 'sourcedId')
      for (const [parent, child] of [
        [agent, own],
        [own, agent],
      ] as const) {
        if (students.has(child)) children.set(parent, (children.get(parent) ?? new Set()).add(child))
      }
    }
  }
  const guardians = byKey(
    users.filter(
      (user) => ['parent', 'guardian', 'relative'].includes(at(user, 'role')) && children.has(at(user, 'sourcedId')),
    ),
    (row) => ({
      ...names(row),
      relationship: at(row, 'role'),
      studentIds: sorted(children.get(at(row, 'sourcedId')) ?? []),
    }),
  )
  const years = new Map(sessions.map((session) => [at(session, 'sourcedId'), at(session, 'schoolYear')]))
  const codes = courses.map((course) => at(course, 'courseCode'))
  const areCodesIds = codes.every((code) => code !== '') && new Set(codes).size === codes.length
  const numberOf = new Map(
    courses.map((course) => [at(course, 'sourcedId'), at(course, areCodesIds ? 'courseCode' : 'sourcedId')]),
  )
  const courseCatalog = new Map(
    courses.map((course) => [
      numberOf.get(at(course, 'sourcedId')) ?? '',
      {
        name: at(course, 'title'),
        academicYear: years.get(at(course, 'schoolYearSourcedId')) ?? '',
        subjectArea: list(course['subjects'])[0] ?? '',
      },
    ]),
  )
  const offers = [
    ...courses.map((course) => [at(course, 'sourcedId'), at(course, 'orgSourcedId')] as const),
    ...sections.map((section) => [at(section, 'courseSourcedId'), at(section, 'schoolSourcedId')] as const),
  ].filter(([course, school]) => numberOf.has(course) && schools.has(school))
  const courseMapping = new Map(
    offers.map(([course, school]) => [
      `${numberOf.get(course) ?? ''} ${school}`,
      { courseId: numberOf.get(course) ?? '', schoolId: school },
    ]),
  )
  const codeOf = new Map(
    courses.map((course) => [at(course, 'sourcedId'), at(course, 'courseCode') || at(course, 'sourcedId')]),
  )
  const teachers = new Map<string, Set<string>>()
  for (const row of enrollments) {
    const [section, user] = [at(row, 'classSourcedId'), at(row, 'userSourcedId')]
    if (row['role'] === 'teacher' && staff.has(user))
      teachers.set(section, (teachers.get(section) ?? new Set()).add(user))
  }
  const classes = byKey(
    sections.filter((section) => teachers.has(at(section, 'sourcedId'))),
    (row) => ({
      title: at(row, 'title'),
      courseCode: codeOf.get(at(row, 'courseSourcedId')) ?? at(row, 'courseSourcedId'),
      schoolId: at(row, 'schoolSourcedId'),
      termIds: list(row['termSourcedIds']).join(';'),
      teachers: sorted(teachers.get(at(row, 'sourcedId')) ?? []),
    }),
  )
  const members = byKey(
    enrollments.filter(
      (row) =>
        classes.has(at(row, 'classSourcedId')) &&
        (students.has(at(row, 'userSourcedId')) || staff.has(at(row, 'userSourcedId'))),
    ),
    (row) => ({
      classId: at(row, 'classSourcedId'),
      userId: at(row, 'userSourcedId'),
      role: at(row, 'role'),
      beginDate: at(row, 'beginDate'),
      endDate: at(row, 'endDate'),
      primary: at(row, 'primary'),
    }),
  )
  const isNow = (start: string, end: string) => (start === '' || start <= today) && (end === '' || today < end)
  const sessionsOf = new Map(sections.map((section) => [at(section, 'sourcedId'), list(section['termSourcedIds'])]))
  const current = new Set(
    sessions
      .filter((session) => isNow(at(session, 'startDate'), at(session, 'endDate')))
      .map((session) => at(session, 'sourcedId')),
  )
  const courseOf = new Map(sections.map((section) => [at(section, 'sourcedId'), at(section, 'courseSourcedId')]))
  const taken = enrollments.filter(
    (row) =>
      row['role'] === 'student' &&
      students.has(at(row, 'userSourcedId')) &&
      numberOf.has(courseOf.get(at(row, 'classSourcedId')) ?? '') &&
      isNow(at(row, 'beginDate'), at(row, 'endDate')) &&
      (sessionsOf.get(at(row, 'classSourcedId')) ?? []).some((term) => current.has(term)),
  )
  const currentCourses = new Map(
    taken.map((row) => {
      const courseId = numberOf.get(courseOf.get(at(row, 'classSourcedId')) ?? '') ?? ''
      const [studentId, sectionId] = [at(row, 'userSourcedId'), at(row, 'classSourcedId')]
      return [`${studentId} ${sectionId}`, { studentId, courseId, sectionId, status: 'inProgress' }]
    }),
  )
  return { students, staff, guardians, courseCatalog, courseMapping, currentCourses, classes, enrollments: members }
}
