import type { CodeSet } from './registry.ts'

/** Whether a course is offered; it follows from the source's status and is kept as the record's own. */
export const courseStatus: CodeSet = {
  values: ['active', 'inactive'],
  isOpen: false,
}
