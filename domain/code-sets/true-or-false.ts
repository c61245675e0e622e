import type { CodeSet } from './registry.ts'

/** Whether a claim holds; blank where the source does not say. */
export const trueOrFalse: CodeSet = {
  values: ['true', 'false'],
  isOpen: false,
}
