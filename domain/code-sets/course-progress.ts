import type { CodeSet } from './registry.ts'

/** Where a student is with a course. */
export const courseProgress: CodeSet = {
  values: ['inProgress', 'completed'],
  isOpen: false,
}
