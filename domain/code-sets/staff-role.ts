import type { CodeSet } from './registry.ts'

/** OneRoster's roles of people who work for a district, both versions together; whoever has none of them is no staff. */
export const staffRole: CodeSet = {
  values: [
    'teacher',
    'aide',
    'counselor',
    'principal',
    'proctor',
    'administrator',
    'siteAdministrator',
    'districtAdministrator',
    'systemAdministrator',
  ],
  isOpen: false,
}
