import type { RuleEntry } from '../../../../domain/import-rules/rule.ts'
import { classIsFilled, classSize } from './class-rosters.ts'
import { classIsCurrent, classTerm, courseYear, school } from './courses-and-classes.ts'
import { enrolledOnce, enrollmentSchool, onePrimaryTeacher, primaryIsTeacher, roleFitsUser } from './enrollments.ts'
import { lineItemSession, scoreRange } from './gradebook.ts'
import { resourceOrg } from './resources.ts'
import { hasPrimaryRole, hasRole, onePrimaryRole, ownProfile, roleInPrimaryOrg } from './roles.ts'
import { schoolYear, sessionInsideParent, sessionOrder } from './sessions.ts'
import { birthDate, demographicsUser, personalValue } from './users.ts'

/** The rules on what records mean together (S in docs/reference/rules.md). */
export const meaningRules: readonly RuleEntry[] = [
  ...[courseYear, school, enrollmentSchool, sessionOrder, sessionInsideParent, schoolYear, classTerm, classIsCurrent],
  ...[onePrimaryTeacher, primaryIsTeacher, classIsFilled, enrolledOnce, roleFitsUser, onePrimaryRole, hasPrimaryRole],
  ...[roleInPrimaryOrg, ownProfile, hasRole, demographicsUser, personalValue, scoreRange, lineItemSession, resourceOrg],
  ...[classSize, birthDate],
]
