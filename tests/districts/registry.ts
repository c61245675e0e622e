import { classes } from './classes.ts'
import { courseCatalog } from './course-catalog.ts'
import { courseHistory } from './course-history.ts'
import { courseMapping } from './course-mapping.ts'
import { currentCourses } from './current-courses.ts'
import type { DataTypeFixture } from './define-fixture.ts'
import { enrollments } from './enrollments.ts'
import { guardians } from './guardians.ts'
import { staff } from './staff.ts'
import { students } from './students.ts'

/** The fixture of every data type. Adding a data type is a file and a line here; the conformance suite says which is missing. */
export const fixtures: readonly DataTypeFixture[] = [
  students,
  staff,
  guardians,
  courseCatalog,
  courseMapping,
  currentCourses,
  courseHistory,
  classes,
  enrollments,
]

/** Throws where a data type has none: that is what the suite names. */
export function getFixture(dataType: string): DataTypeFixture {
  const found = fixtures.find((fixture) => fixture.dataType === dataType)
  if (found === undefined) throw new Error(`the data type ${dataType} has no fixture in tests/districts`)
  return found
}
