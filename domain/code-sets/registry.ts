import { courseProgress } from './course-progress.ts'
import { courseStatus } from './course-status.ts'
import { enrollmentRole } from './enrollment-role.ts'
import { enrollmentStatus } from './enrollment-status.ts'
import { ethnicity } from './ethnicity.ts'
import { gradeLevel } from './grade-level.ts'
import { instructionalLevel } from './instructional-level.ts'
import { race } from './race.ts'
import { relationship } from './relationship.ts'
import { sex } from './sex.ts'
import { staffRole } from './staff-role.ts'
import { trueOrFalse } from './true-or-false.ts'

/**
 * A list of codes with our spelling of each. In a closed set nothing else is stored: an unmapped source code is
 * dropped and reported. An open set (grade levels differ from country to country) takes other codes as they are.
 */
export type CodeSet = { readonly values: readonly string[]; readonly isOpen: boolean }

/** Every code set. Adding one is a file and a line here. */
export const codeSets = {
  courseProgress,
  courseStatus,
  enrollmentRole,
  enrollmentStatus,
  ethnicity,
  gradeLevel,
  instructionalLevel,
  race,
  relationship,
  sex,
  staffRole,
  trueOrFalse,
} satisfies Readonly<Record<string, CodeSet>>

export type CodeSetName = keyof typeof codeSets

function getCodeSet(name: CodeSetName): CodeSet {
  return codeSets[name]
}

/** Whether a value may be stored in a field with this code set; a field without one takes anything. */
export function isCodeOf(codeSet: CodeSetName | undefined, value: string): boolean {
  if (codeSet === undefined) return true
  const { isOpen, values } = getCodeSet(codeSet)
  return isOpen || values.includes(value) || value.startsWith('ext:')
}
