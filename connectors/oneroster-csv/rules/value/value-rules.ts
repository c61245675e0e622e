import type { CellRule } from '../cell-rule.ts'
import type { RowRule } from '../row-rule.ts'
import { contactRules } from './contacts.ts'
import { dateRules } from './dates.ts'
import { guidRules } from './guids.ts'
import { learningObjectiveRules } from './learning-objectives.ts'
import { lifeCycleRules } from './life-cycle.ts'
import { listRules } from './lists.ts'
import { nameRules } from './names.ts'
import { numberRules } from './numbers.ts'
import { passwordRules } from './passwords.ts'
import { requiredValueRules } from './required-value.ts'
import { spreadsheetRules } from './spreadsheets.ts'
import { subjectRules } from './subjects.ts'
import { tokenRules } from './tokens.ts'
import { usernameRules } from './usernames.ts'

/** The rules F that look at one cell. */
export const valueCellRules: readonly CellRule[] = [
  ...requiredValueRules,
  ...guidRules,
  ...dateRules,
  ...tokenRules,
  ...numberRules,
  ...listRules,
  ...lifeCycleRules,
  ...contactRules,
  ...spreadsheetRules,
  ...nameRules,
]

/** The rules F that look at several cells or remember earlier rows. */
export const valueRowRules: readonly RowRule[] = [
  ...subjectRules,
  ...learningObjectiveRules,
  ...usernameRules,
  ...passwordRules,
]
