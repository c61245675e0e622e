import type { CodeSet } from './registry.ts'

/** OneRoster's roles of a user in a class. */
export const enrollmentRole: CodeSet = {
  values: ['administrator', 'proctor', 'student', 'teacher'],
  isOpen: false,
}
