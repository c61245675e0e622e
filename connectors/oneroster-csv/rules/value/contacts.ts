import type { CellPlace, CellRule, CheckedCell } from '../cell-rule.ts'
import { problem } from '../../../../domain/import-rules/rule.ts'
import { isEmailAddress } from '../../../../domain/import-rules/value-rules.ts'
import type { Problem } from '../../../../domain/import-rules/rule.ts'

export function isPhoneColumn({ columnName, column }: CellPlace): boolean {
  return column !== undefined && (columnName === 'sms' || columnName === 'phone')
}

export function isEmailColumn({ columnName, column }: CellPlace): boolean {
  return column !== undefined && columnName === 'email'
}

/** F-17 */
function emailHasForm({ value }: CheckedCell): Problem | undefined {
  if (value === '' || isEmailAddress(value)) return undefined
  return problem('An e-mail address needs one @ and a domain after it.')
}

/** F-18 */
function phoneIsE164({ value }: CheckedCell): Problem | undefined {
  if (value === '' || /^\+[1-9]\d{1,14}$/.test(value)) return undefined
  return problem('Some receivers take only numbers in E.164 form: + and up to 15 digits.')
}

export const contactRules: readonly CellRule[] = [
  {
    id: 'F-17',
    title: 'e-mail address without exactly one @ and a domain',
    severity: { strict: undefined, default: 'warning' },
    appliesTo: 'cell',
    concerns: isEmailColumn,
    check: emailHasForm,
  },
  {
    id: 'F-18',
    title: 'phone or sms is not in E.164 form',
    severity: { strict: undefined, default: 'info' },
    appliesTo: 'cell',
    concerns: isPhoneColumn,
    check: phoneIsE164,
  },
]
