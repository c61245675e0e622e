import { codeSets, isCodeOf } from './code-sets/registry.ts'
import { describeType, longestText, type DataType } from './data-types/define-data-type.ts'
import { isEmailAddress } from './import-rules/value-rules.ts'
import { isOfAge, isValueOfType } from './mapping/field-value.ts'
import { normalizeText } from './normalize-text.ts'

/** What a person wrote into a field: as it is kept, or why it is not, in words for whoever wrote it. */
export type EditedValue =
  { readonly value: string | readonly string[] | null } | { readonly message: string; readonly value?: undefined }

const mostItems = 200

/**
 * Looks at a value that a person gives to a field of a record, by the definition of the field alone: a reference is text
 * here, and whether it leads anywhere is asked elsewhere. Blank is null. `today` is `YYYY-MM-DD`. A message repeats no value.
 */
export function checkEditedValue(dataType: DataType, field: string, given: unknown, today: string): EditedValue {
  const definition = Object.hasOwn(dataType.fields, field) ? dataType.fields[field] : undefined
  if (definition === undefined || definition.isInternal === true) {
    return { message: `${dataType.name} have no field of this name` }
  }
  if (definition.isStatus === true)
    return { message: 'it follows from the source: an import makes records active and inactive' }
  if (definition.always !== undefined) return { message: 'it is the same in every record' }
  if (dataType.matchKeys.includes(field)) {
    return { message: 'imports know the record by this id; imports and decisions about duplicates change it' }
  }
  const items = readItems(given)
  if (items === undefined) return { message: 'give a text, a number, null, or a list of texts' }
  if (items.length === 0) {
    return definition.presence === 'required' ? { message: 'it is required and cannot be blank' } : { value: null }
  }
  if (definition.many !== true && items.length > 1) return { message: 'it holds one value' }
  if (items.length > mostItems) return { message: `it holds ${mostItems} values at most` }
  for (const item of items) {
    const message = refuseItem(dataType, field, item, today)
    if (message !== undefined) return { message }
  }
  return { value: definition.many === true ? [...new Set(items)] : (items[0] ?? null) }
}

/** The values that are not blank; undefined for what is no value. */
function readItems(given: unknown): string[] | undefined {
  const list: readonly unknown[] = Array.isArray(given) ? given : [given]
  const texts = list.map((item) => {
    if (item === null) return ''
    if (typeof item === 'number' && Number.isFinite(item)) return String(item)
    return typeof item === 'string' ? normalizeText(item) : undefined
  })
  const whole = texts.filter((text) => text !== undefined)
  return whole.length < texts.length ? undefined : whole.filter((text) => text !== '')
}

function refuseItem(dataType: DataType, field: string, item: string, today: string): string | undefined {
  const { type, codeSet, ages, form } = dataType.fields[field] ?? { type: 'text' }
  const longest = longestText(dataType, field)
  if (item.length > longest) return `it has more than ${longest} characters`
  if (typeof type !== 'string') return undefined
  if (!isValueOfType(type, item))
    return type === 'date' ? 'it is no day: write YYYY-MM-DD' : `it is no ${describeType({ type })}`
  if (codeSet !== undefined && !isCodeOf(codeSet, item)) return `it is one of ${codeSets[codeSet].values.join(', ')}`
  if (ages !== undefined && !isOfAge(item, ages, today)) return `nobody of this data type was born on that day`
  if (form !== undefined && !isEmailAddress(item)) return 'it is no e-mail address'
  return undefined
}
