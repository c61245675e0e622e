import type { CodeSet } from './registry.ts'

/** Whether a record is current; it follows from the source's status and is kept as the record's own. */
export const enrollmentStatus: CodeSet = {
  values: ['active', 'inactive'],
  isOpen: false,
}
