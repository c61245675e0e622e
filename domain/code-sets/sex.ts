import type { CodeSet } from './registry.ts'

/** OneRoster 1.2's list, which holds 1.1's. */
export const sex: CodeSet = {
  values: ['male', 'female', 'unspecified', 'other'],
  isOpen: false,
}
