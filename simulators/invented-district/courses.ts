import { grades, gradesBefore, schoolAt, subjects, type Layout } from './layout.ts'
import { lifecycleOf, retitledOn } from './lifecycle.ts'
import { listingOf, type Listing } from './listing.ts'
import type { Course } from './records.ts'
import { sessionIds } from './sessions.ts'

export const courseSourcedId = (gradeIndex: number, subjectIndex: number): string =>
  `course-${grades[gradeIndex] ?? ''}-${String(subjectIndex)}`
export const lastYearsCourse = (gradeIndex: number): string => `course-last-${gradesBefore[gradeIndex] ?? ''}`
/** The ninth grade's mathematics, as the second school spells it: the same code, another course. */
export const courseInAnotherSpelling = { sourcedId: 'course-09-2-b', gradeIndex: 9, subjectIndex: 2, schoolIndex: 1 }
export const nextYearsCourse = 'course-next-orientation'

/** One for each subject and grade, those of last year, one of next year, and one twice in two spellings. */
export function listCourses(layout: Layout): Listing<Course> {
  const ids = sessionIds(layout)
  const made = grades.flatMap((grade, gradeIndex) =>
    subjects.map(({ title, subject, code }, subjectIndex): Course => {
      const number = gradeIndex * subjects.length + subjectIndex
      const changedOn = retitledOn(layout, number)
      return {
        sourcedId: courseSourcedId(gradeIndex, subjectIndex),
        title: `${title} ${grade}${changedOn === undefined ? '' : ', revised'}`,
        schoolYear: ids.year,
        courseCode: `${title.slice(0, 3).toUpperCase()}-${grade}`,
        ...{ grades: [grade], org: 'district', subjects: [subject], subjectCodes: [code] },
        ...lifecycleOf(layout, number, { changedOn }),
      }
    }),
  )
  const last = gradesBefore.map((grade, index): Course => ({
    sourcedId: lastYearsCourse(index),
    title: `Social Studies ${grade}`,
    schoolYear: ids.lastYear,
    courseCode: `SOC-${grade}`,
    ...{ grades: [grade], org: 'district', subjects: ['Social Studies', 'History'], subjectCodes: ['04001', '04051'] },
    ...lifecycleOf(layout, 200 + index),
  }))
  const others: Course[] = [
    {
      ...{ sourcedId: nextYearsCourse, title: 'Orientation', schoolYear: ids.nextYear, courseCode: 'ORI-1' },
      ...{ grades: [], org: 'district', subjects: [], subjectCodes: [] },
      ...lifecycleOf(layout, 300),
    },
    {
      ...{ sourcedId: courseInAnotherSpelling.sourcedId, title: 'MATHEMATICS, GRADE 9', schoolYear: ids.year },
      ...{ courseCode: 'MAT-09', grades: ['09'], org: schoolAt(layout, courseInAnotherSpelling.schoolIndex) },
      ...{ subjects: ['Mathematics'], subjectCodes: ['02001'] },
      ...lifecycleOf(layout, 301),
    },
  ]
  return listingOf([...made, ...last, ...others])
}
