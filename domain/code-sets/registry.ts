import { enrollmentStatus } from './enrollment-status.ts'
import { ethnicity } from './ethnicity.ts'
import { gradeLevel } from './grade-level.ts'
import { race } from './race.ts'
import { sex } from './sex.ts'

/**
 * A list of codes with our spelling of each. In a closed set nothing else is stored: an unmapped source code is
 * dropped and reported. An open set (grade levels differ from country to country) takes other codes as they are.
 */
export type CodeSet = { readonly values: readonly string[]; readonly isOpen: boolean }

const codeSets: Readonly<Record<string, CodeSet>> = { enrollmentStatus, ethnicity, gradeLevel, race, sex }

export function findCodeSet(name: string): CodeSet | undefined {
  return codeSets[name]
}

/** Whether a value may be stored in a field with this code set; a field without one takes anything. */
export function isCodeOf(codeSet: string | undefined, value: string): boolean {
  if (codeSet === undefined) return true
  const found = findCodeSet(codeSet)
  return found === undefined || found.isOpen || found.values.includes(value) || value.startsWith('ext:')
}
