import type { SourceRecord } from '../../connectors/connector.ts'
import { keyField, longestKey, longestProse } from '../../domain/data-types/define-data-type.ts'
import type { Finding } from '../../domain/import-rules/finding.ts'
import { valueRules, type ValueProblem } from '../../domain/import-rules/value-rules.ts'
import type { CompiledField } from '../../domain/mapping/compile-mapping.ts'

/** What a finding says of a value. */
export type FieldPlace = Pick<CompiledField, 'name' | 'definition' | 'longest'>

export const keyPlace: FieldPlace = { name: keyField, definition: { type: 'text' }, longest: longestKey }
export const customPlace: Omit<FieldPlace, 'name'> = { definition: { type: 'text' }, longest: longestProse }

function placeOf(record: SourceRecord, column: string) {
  return { file: record.fileName, line: record.line, column, sourcedId: record.key() }
}

export function describeValue(record: SourceRecord, field: FieldPlace, problem: ValueProblem): Finding {
  const { id: rule, describe } = valueRules[problem]
  return { ...placeOf(record, field.name), rule, severity: 'warning', message: describe(field) }
}

export function describeMissing(record: SourceRecord, { name }: FieldPlace): Finding {
  return {
    ...placeOf(record, name),
    rule: 'I-03',
    severity: 'error',
    message: `${name} is required and has no value; fill it at the source or map another column to it.`,
  }
}

/** Somebody of whom the mapping knows nothing that makes her one of this data type. */
export function describePassedOver(record: SourceRecord, { name }: FieldPlace): Finding {
  return {
    ...placeOf(record, name),
    rule: 'I-17',
    severity: 'info',
    message: `none of the source's ${name} of this record is mapped to one of ours; it is not imported. Map one under "Define codes", or leave such records out of the log.`,
  }
}

/** Of a record whose key is missing, or that fits into no index. */
export function describeKey(record: SourceRecord, key: string): Finding {
  const { file, line, column } = placeOf(record, keyField)
  if (key !== '') {
    const message = `the key of the source has more than ${longestKey} characters; the record is not imported. Correct it at the source.`
    return { file, line, column, rule: valueRules.tooLong.id, severity: 'error', message }
  }
  const message =
    'the record has no key of the source; it is not imported, and whoever is missing is not taken for gone. Give each record a key.'
  return { file, line, column, rule: 'I-03', severity: 'error', message }
}

export function describeContested(record: SourceRecord): Finding {
  return {
    ...placeOf(record, keyField),
    rule: 'I-01',
    severity: 'error',
    message:
      'Another record of the input has the same key and says otherwise; neither is imported. Leave one of them out.',
  }
}

/** Of an org that cannot be kept, by the length of its key. */
export function describeOrg(keyLength: number): Finding {
  return {
    rule: keyLength === 0 ? 'I-03' : valueRules.tooLong.id,
    severity: 'error',
    column: keyField,
    message:
      'An org has no key, or one that is too long; it is left out, and whoever belongs to it has no school. Correct it at the source.',
  }
}
