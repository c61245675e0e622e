import type { OwnCodes } from '../../../connector.ts'

/** Columns that say what a record is: what is made of it is decided by the standard's words. */
const decisive = new Set([
  ...[
    'role',
    'roles',
    'roleType',
    'type',
    'classType',
    'status',
    'scoreStatus',
    'importance',
    'enabledUser',
    'primary',
  ],
])

/** The source's own words in a column that a mapping knows; none where the standard's decide. */
export function findOwnCodes(
  ownCodes: OwnCodes | undefined,
  file: string,
  column: string,
): ReadonlySet<string> | undefined {
  const words = decisive.has(column) ? undefined : ownCodes?.[file]?.[column]
  return words === undefined || words.length === 0 ? undefined : new Set(words)
}
