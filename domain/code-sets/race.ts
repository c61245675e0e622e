import type { CodeSet } from './registry.ts'

/** OneRoster's demographics columns, by their own names. */
export const race: CodeSet = {
  values: [
    'americanIndianOrAlaskaNative',
    'asian',
    'blackOrAfricanAmerican',
    'nativeHawaiianOrOtherPacificIslander',
    'white',
    'demographicRaceTwoOrMoreRaces',
  ],
  isOpen: false,
}
