import { checkEditedValue } from '../../domain/check-edited-value.ts'
import { longestProse, type DataType } from '../../domain/data-types/define-data-type.ts'
import { normalizeText } from '../../domain/normalize-text.ts'
import { customFieldPrefix } from '../../db/records/compared-fields.ts'
import type { EditedFields } from '../../db/records/edit-record.ts'
import type { RecordChange } from '../contract/record.ts'
import { Refusal, type FieldError } from '../failures.ts'

/** What is known of the record besides its data type. */
type Surroundings = {
  readonly customFields: readonly string[]
  readonly keptFields: readonly string[]
  /** `YYYY-MM-DD` */
  readonly today: string
}

export type CheckedChange = {
  readonly fields: EditedFields
  readonly customFields: Readonly<Record<string, string | null>>
  readonly giveBack: readonly string[]
}

/** The change with its values as they are kept. Throws a Refusal with a message for each field that cannot be so. */
export function checkChange(dataType: DataType, change: RecordChange, known: Surroundings): CheckedChange {
  const errors: FieldError[] = []
  const fields: Record<string, string | readonly string[] | null> = {}
  for (const [field, given] of Object.entries(change.fields)) {
    const checked = checkEditedValue(dataType, field, given, known.today)
    if (checked.value === undefined) errors.push({ path: `fields.${field}`, message: checked.message })
    else fields[field] = checked.value
  }
  const customFields: Record<string, string | null> = {}
  for (const [name, given] of Object.entries(change.customFields)) {
    const value = given === null ? '' : normalizeText(given)
    const message = !known.customFields.includes(name)
      ? 'no mapping of the district has a custom field of this name'
      : value.length > longestProse
        ? `it has more than ${longestProse} characters`
        : undefined
    if (message !== undefined) errors.push({ path: `customFields.${name}`, message })
    else customFields[name] = value === '' ? null : value
  }
  const written = [...Object.keys(fields), ...Object.keys(customFields).map((name) => `${customFieldPrefix}${name}`)]
  for (const field of change.giveBack) {
    if (!known.keptFields.includes(field)) {
      errors.push({ path: `giveBack.${field}`, message: 'nobody keeps this field: the source decides it already' })
    } else if (written.includes(field)) {
      errors.push({ path: `giveBack.${field}`, message: 'it is written in the same change; do one of the two' })
    }
  }
  if (errors.length > 0) throw refuseChange(errors)
  if (written.length + change.giveBack.length === 0) {
    throw new Refusal('REQUEST_INVALID', 'Nothing is changed: name a field, a custom field, or one to give back.')
  }
  return { fields, customFields, giveBack: change.giveBack }
}

/** RECORD_INVALID with what is wrong with each field. */
export function refuseChange(errors: readonly FieldError[]): Refusal {
  const words = errors.map(({ path, message }) => `${path}: ${message}`).join('; ')
  return new Refusal('RECORD_INVALID', `Nothing was changed. ${words}.`, errors)
}
