import type { CodeSet } from './registry.ts'

/** OneRoster's roles of those who answer for a student. */
export const relationship: CodeSet = {
  values: ['parent', 'guardian', 'relative'],
  isOpen: false,
}
