import type { CodeSet } from './registry.ts'

/** How demanding a course is; districts have their own words. */
export const instructionalLevel: CodeSet = {
  values: ['basic', 'general', 'honors', 'advancedPlacement', 'internationalBaccalaureate', 'dualCredit'],
  isOpen: true,
}
