import { byId, chooseId, isGone, listOf, type RosterFiles, type Row } from './roster-files.ts'
import { readGrade, type Expected, type Fields } from './expect-people.ts'

/** By age; a grade of another vocabulary has no place among them. */
const gradesByAge = [
  ...['IT', 'PR', 'PK', 'TK', 'KG', '01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12', '13'],
  ...['PS', 'UG', 'Other'],
]

export type Courses = { readonly courseCatalog: Expected; readonly courseMapping: Expected }
/** The number of each course of the catalog, by its sourcedId. */
export type CourseNumbers = ReadonlyMap<string, string>

export function numberCourses(files: RosterFiles): CourseNumbers {
  const courses = files.rows('courses').filter((course) => !isGone(course))
  const numberOf = chooseId(courses, 'courseCode')
  return new Map(courses.map((course) => [course('sourcedId'), numberOf(course)]))
}

export function expectCourses(files: RosterFiles, numbers: CourseNumbers): Courses {
  const sessions = byId(files.rows('academicSessions').filter((session) => !isGone(session)))
  const courses = files.rows('courses').filter((course) => !isGone(course))
  const courseCatalog = courses.map((course): [string, Fields] => {
    const courseId = numbers.get(course('sourcedId')) ?? ''
    const grades = listOf(course('grades')).map(readGrade)
    const known = gradesByAge.filter((grade) => grades.includes(grade))
    const [sced, scedSubject] = readSced(listOf(course('subjectCodes')))
    return [
      courseId,
      {
        ...{ courseId, name: course('title'), status: 'active', scedSubject, scedCourse: sced },
        academicYear: sessions.get(course('schoolYearSourcedId'))?.('schoolYear') ?? '',
        subjectArea: listOf(course('subjects'))[0] ?? '',
        ...{ gradeLow: known[0] ?? '', gradeHigh: known.at(-1) ?? '' },
      },
    ]
  })
  return { courseCatalog: new Map(courseCatalog), courseMapping: expectMapping(files, numbers) }
}

/** A school offers the courses that are its own, and those of its classes. */
function expectMapping(files: RosterFiles, numbers: CourseNumbers): Expected {
  const orgs = files.rows('orgs')
  const schools = new Set(orgs.filter((org) => org('type') === 'school').map((org) => org('sourcedId')))
  const present = (file: string) => files.rows(file).filter((row) => !isGone(row))
  const offers = [
    ...present('courses').map((course) => [course('sourcedId'), course('orgSourcedId')] as const),
    ...present('classes').map((one) => [one('courseSourcedId'), one('schoolSourcedId')] as const),
  ].filter(([course, school]) => numbers.has(course) && schools.has(school))
  return new Map(
    offers.map(([course, schoolId]) => {
      const courseId = numbers.get(course) ?? ''
      return [`${courseId} ${schoolId}`, { courseId, schoolId }]
    }),
  )
}

/** Two digits of a subject and three of a course, whatever follows: the whole, and the subject. */
function readSced(codes: readonly string[]): [string, string] {
  const code = codes.find((one) => /^\d{5}/.test(one)) ?? ''
  return [code.slice(0, 5), code.slice(0, 2)]
}

type Taken = { readonly studentId: string; readonly rosterClass: Row; readonly session: Row | undefined }

/** What students take now: their enrollments in classes of a session that has begun and not ended. */
export function expectCurrentCourses(
  files: RosterFiles,
  numbers: CourseNumbers,
  students: Expected,
  today: string,
): Expected {
  const isNow = (begin: string, end: string) => (begin === '' || begin <= today) && (end === '' || today < end)
  const sessions = byId(files.rows('academicSessions').filter((session) => !isGone(session)))
  const classes = byId(files.rows('classes').filter((one) => !isGone(one)))
  const tellTaken = tellerOf(files, numbers)
  const rows = files.rows('enrollments').filter((row) => !isGone(row) && row('role') === 'student')
  const told = rows.flatMap((row): [string, Fields][] => {
    const [studentId, rosterClass] = [row('userSourcedId'), classes.get(row('classSourcedId'))]
    const session = listOf(rosterClass?.('termSourcedIds') ?? '')
      .flatMap((term) => sessions.get(term) ?? [])
      .find((one) => isNow(one('startDate'), one('endDate')))
    if (rosterClass === undefined || session === undefined || !isNow(row('beginDate'), row('endDate'))) return []
    const fields = tellTaken({ studentId, rosterClass, session })
    if (fields['courseId'] === undefined || !students.has(studentId)) return []
    const beginDate = row('beginDate') || session('startDate')
    const endDate = row('endDate') || session('endDate')
    return [[keyOfTaken(fields), { ...fields, status: 'inProgress', beginDate, endDate }]]
  })
  return new Map(told)
}

/** What students have taken: the results that have credits. */
export function expectCourseHistory(files: RosterFiles, numbers: CourseNumbers, students: Expected): Expected {
  const present = (file: string) => byId(files.rows(file).filter((row) => !isGone(row)))
  const [sessions, classes, items] = [present('academicSessions'), present('classes'), present('lineItems')]
  const tellTaken = tellerOf(files, numbers)
  const told = files.rows('results').flatMap((row): [string, Fields][] => {
    const [creditsAttempted, creditsEarned] = [row('metadata.creditsAttempted'), row('metadata.creditsEarned')]
    const [studentId, gradeLevel] = [row('studentSourcedId'), readGrade(row('metadata.gradeLevel'))]
    const item = items.get(row('lineItemSourcedId'))
    const rosterClass = classes.get(item?.('classSourcedId') ?? '')
    const session = sessions.get(item?.('academicSessionSourcedId') || item?.('gradingPeriodSourcedId') || '')
    if (isGone(row) || [creditsAttempted, creditsEarned, gradeLevel].includes('') || !students.has(studentId)) return []
    if (rosterClass === undefined) return []
    const fields = tellTaken({ studentId, rosterClass, session })
    if (fields['courseId'] === undefined) return []
    const grades = { letterGrade: row('textScore'), score: row('score'), gradeLevel }
    const academicYear = session?.('schoolYear') ?? ''
    return [
      [
        keyOfTaken(fields),
        { ...fields, ...grades, creditsAttempted, creditsEarned, academicYear, status: 'completed' },
      ],
    ]
  })
  return new Map(told)
}

/** A student is once in each class; neither list prints the id of what it was made of. */
export const keyOfTaken = (fields: Fields): string => `${fields['studentId'] ?? ''} ${fields['sectionId'] ?? ''}`

/** Says what a class and a session tell of what somebody takes; without `courseId` where the course is not held. */
function tellerOf(files: RosterFiles, numbers: CourseNumbers): (taken: Taken) => Fields {
  const [courses, orgs] = [byId(files.rows('courses')), byId(files.rows('orgs'))]
  return ({ studentId, rosterClass, session }) => {
    const [course, schoolId] = [rosterClass('courseSourcedId'), rosterClass('schoolSourcedId')]
    const courseId = numbers.get(course)
    return {
      ...{ studentId, sectionId: rosterClass('sourcedId'), schoolId: orgs.has(schoolId) ? schoolId : '' },
      ...{ courseName: courses.get(course)?.('title') ?? '', term: session?.('title') ?? '' },
      ...(courseId !== undefined && { courseId }),
    }
  }
}
