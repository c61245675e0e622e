import { classes } from './classes.ts'
import { courseCatalog } from './course-catalog.ts'
import { courseHistory } from './course-history.ts'
import { courseMapping } from './course-mapping.ts'
import type { OneRosterType } from './one-roster-type.ts'
import { currentCourses } from './current-courses.ts'
import { enrollments } from './enrollments.ts'
import { guardians } from './guardians.ts'
import { staff } from './staff.ts'
import { students } from './students.ts'

/** What a OneRoster package can feed. Adding a data type is a file and a line here. */
export const oneRosterTypes: readonly OneRosterType[] = [
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

export function getOneRosterType(dataType: string): OneRosterType {
  const found = oneRosterTypes.find((type) => type.dataType === dataType)
  if (found === undefined) throw new Error(`a OneRoster package feeds no ${dataType}`)
  return found
}
