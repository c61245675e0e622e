import type { CodeSet } from './registry.ts'

/** Federal ethnicity; blank when the source does not say. */
export const ethnicity: CodeSet = {
  values: ['hispanicOrLatino', 'notHispanicOrLatino'],
  isOpen: false,
}
