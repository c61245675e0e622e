import { RowIndex } from './row-index.ts'

export type KnownCourse = { readonly code: string; readonly title: string; readonly subjects: string }

/** The courses of the package, for the classes that they are taught to, withdrawn ones too; some ten thousand at most. */
export function createCourseIndex(): RowIndex<KnownCourse> {
  const make = (read: (column: string) => string) => ({
    code: read('courseCode') || read('sourcedId'),
    title: read('title'),
    subjects: read('subjects'),
  })
  return new RowIndex(make, { keepsWithdrawn: true })
}

/** A course that the package does not have is known by its id alone. */
export function findCourse(courses: RowIndex<KnownCourse>, key: string): KnownCourse {
  return courses.find(key) ?? { code: key, title: '', subjects: '' }
}
