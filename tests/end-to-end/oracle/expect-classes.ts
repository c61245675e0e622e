import { byId, inOrderOfKeys, isGone, listOf, type RosterFiles } from './roster-files.ts'
import { readGrade, type Expected, type Fields } from './expect-people.ts'

/** Of so many classes somebody can be a teacher who does not come first. */
const mostClassesOfCoTeacher = 25

/** Classes with a teacher whom we hold. */
export function expectClasses(files: RosterFiles, staff: Expected): Expected {
  const courses = byId(files.rows('courses'))
  const teachers = listTeachers(files)
  const orgs = byId(files.rows('orgs'))
  const told = files
    .rows('classes')
    .filter((row) => !isGone(row))
    .map((row): [string, Fields] => {
      const sisId = row('sourcedId')
      const course = courses.get(row('courseSourcedId'))
      const title = [course?.('title') ?? '', row('classCode'), row('periods')].filter((part) => part !== '').join(' ')
      return [
        sisId,
        {
          ...{ sisId, title: row('title') || title, schoolId: row('schoolSourcedId') },
          courseCode: course?.('courseCode') || row('courseSourcedId'),
          termIds: listOf(row('termSourcedIds')).join(';'),
          subject: listOf(row('subjects'))[0] ?? '',
          grades: listOf(row('grades')).map(readGrade).join(';'),
          periods: listOf(row('periods')).join(';'),
          teacherIds: (teachers.get(sisId) ?? []).filter((teacher) => staff.has(teacher)).join(';'),
        },
      ]
    })
  return new Map(told.filter(([, { teacherIds, schoolId = '' }]) => teacherIds !== '' && orgs.has(schoolId)))
}

/** By class, the primary ones first, and whoever is alone. */
function listTeachers(files: RosterFiles): ReadonlyMap<string, readonly string[]> {
  const primary = new Map<string, Set<string>>()
  const others = new Map<string, Set<string>>()
  for (const row of files.rows('enrollments')) {
    if (row('role') !== 'teacher' || isGone(row)) continue
    const list = row('primary').toLowerCase() === 'true' ? primary : others
    list.set(row('classSourcedId'), (list.get(row('classSourcedId')) ?? new Set()).add(row('userSourcedId')))
  }
  const classesOf = new Map<string, number>()
  const lists = inOrderOfKeys([...primary.keys(), ...others.keys()]).map((key): [string, string[]] => {
    const alone = others.get(key)?.size === 1 ? others.get(key) : undefined
    const first = primary.get(key) ?? alone ?? new Set()
    const second = [...(others.get(key) ?? [])].filter((teacher) => {
      if (first.has(teacher)) return false
      const count = (classesOf.get(teacher) ?? 0) + 1
      classesOf.set(teacher, count)
      return count <= mostClassesOfCoTeacher
    })
    return [key, [...inOrderOfKeys(first), ...inOrderOfKeys(second)]]
  })
  return new Map(lists)
}

/** Who is in a class that we hold, as far as we hold the user. */
export function expectEnrollments(files: RosterFiles, classes: Expected, users: readonly Expected[]): Expected {
  const rows = files.rows('enrollments').filter((row) => {
    const isHeld = users.some((some) => some.has(row('userSourcedId')))
    return !isGone(row) && isHeld && classes.has(row('classSourcedId'))
  })
  return new Map(
    rows.map((row) => [
      row('sourcedId'),
      {
        ...{ sisId: row('sourcedId'), classId: row('classSourcedId'), userId: row('userSourcedId'), role: row('role') },
        ...{ beginDate: row('beginDate'), endDate: row('endDate'), primary: row('primary').toLowerCase() },
      },
    ]),
  )
}
