import { expectClasses, expectEnrollments } from './expect-classes.ts'
import {
  expectCourseHistory,
  expectCourses,
  expectCurrentCourses,
  keyOfTaken,
  numberCourses,
} from './expect-courses.ts'
import { expectPeople, type Expected, type Fields } from './expect-people.ts'
import { readRosterFiles } from './roster-files.ts'

/** Records by data type. */
export type ExpectedRoster = Readonly<Record<string, Expected>>

/**
 * What a district holds that imported this package, and no other before it, with the mapping that is shipped: each column
 * of each record as `rollbook records --csv` prints it, told from the files of OneRoster 1.1 or 1.2 alone. Of a package
 * with rows that a rule refuses it tells too much: `rollbook validate` has none of severity error.
 */
export async function expectRoster(content: Buffer, today: string): Promise<ExpectedRoster> {
  const files = await readRosterFiles(content)
  const { students, staff, guardians } = expectPeople(files, today)
  const numbers = numberCourses(files)
  const classes = expectClasses(files, staff)
  return {
    ...{ students, staff, guardians, ...expectCourses(files, numbers), classes },
    enrollments: expectEnrollments(files, classes, [students, staff]),
    currentCourses: expectCurrentCourses(files, numbers, students, today),
    courseHistory: expectCourseHistory(files, numbers, students),
  }
}

const byColumn = (column: string) => (row: Fields) => row[column] ?? ''

/** By what a printed record is the same as one of the files. */
export const keyOf: Readonly<Record<string, (row: Fields) => string>> = {
  students: byColumn('sourceKey'),
  staff: byColumn('sourceKey'),
  guardians: byColumn('sourceKey'),
  courseCatalog: byColumn('courseId'),
  courseMapping: (row) => `${row['courseId'] ?? ''} ${row['schoolId'] ?? ''}`,
  classes: byColumn('sisId'),
  enrollments: byColumn('sisId'),
  currentCourses: keyOfTaken,
  courseHistory: keyOfTaken,
}
