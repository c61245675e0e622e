import { isCodeOf } from '../code-sets/registry.ts'
import type { DataType, FieldDefinition, FieldType } from '../data-types/define-data-type.ts'
import { countYearsToGraduation } from './class-year.ts'
import { isOfAge, isValueOfType } from './field-value.ts'
import type { FieldSource, MappingDocument } from './mapping-document.ts'

/** Reads a column of the record at hand, trimmed; '' when blank. */
export type ColumnReader = (column: string) => string

/** What a field's value cannot be taken for, met while reading it. The value is dropped, the record goes on. */
export type ValueProblem = 'unmappedCode' | 'wrongType' | 'impossibleAge'

export type CompiledField = {
  readonly name: string
  readonly type: FieldType
  /** The value is a number of years, to be added to the academic year that the feed is of (academic-year.ts). */
  readonly countsFromAcademicYear?: true
  /** The value in its stored spelling, list items and the keys of orgs as an array; null when the source has none. */
  read(column: ColumnReader, problem: (kind: ValueProblem) => void): string | readonly string[] | null
}

/** The part of a mapping that one collection of the source feeds. */
export type CompiledCollection = {
  readonly name: string
  /** Columns that the fields read, each once: what the digest of a record covers. */
  readonly columns: readonly string[]
  /** In the order of the data type. */
  readonly fields: readonly CompiledField[]
  /** Custom field name → column. */
  readonly customFields: readonly { readonly name: string; readonly column: string }[]
}

/** A mapping document that cannot be used with its data type: says which field and why. Thrown by compileMapping. */
export class MappingMistake extends Error {
  override readonly name = 'MappingMistake'
}

/**
 * Turns a mapping document into readers, one group per collection in the order of `collections` (the first carries
 * the records). Pure: `today` (`YYYY-MM-DD`) decides who can be how old. A `firstComplete` must have been decided
 * before (see `decideFirstComplete`).
 *
 * Throws MappingMistake for a field that the data type does not have, a collection that the source does not have, a
 * field fed by two collections, or a required field that nothing feeds.
 */
export function compileMapping(
  dataType: DataType,
  document: MappingDocument,
  collections: readonly string[],
  today: string,
): readonly CompiledCollection[] {
  const compiled = collections.map(startCollection)
  const collectionOf = (field: string, columns: readonly string[]) => {
    const names = new Set(columns.map((column) => splitColumn(column).collection))
    const [name] = names
    const found = compiled.find((collection) => collection.name === name)
    if (names.size !== 1 || found === undefined) {
      throw new MappingMistake(`${field}: its columns must belong to one of ${collections.join(', ')}`)
    }
    return found
  }

  for (const [name, source] of Object.entries(document.fields)) {
    const definition = dataType.fields[name]
    if (definition === undefined) throw new MappingMistake(`${name} is not a field of ${dataType.name}`)
    if (definition.isStatus === true) throw new MappingMistake(`${name} follows from the source's own status`)
    const columns = listColumns(source)
    const collection = collectionOf(name, columns)
    for (const column of columns) collection.columns.add(splitColumn(column).column)
    const codes = document.codes[name]
    collection.fields.push({
      name,
      type: definition.type,
      ...('classYearFromGrade' in source && { countsFromAcademicYear: true }),
      read: compileField(definition, source, codes, today),
    })
  }
  for (const [name, column] of Object.entries(document.customFields)) {
    const collection = collectionOf(name, [column])
    collection.columns.add(splitColumn(column).column)
    collection.customFields.push({ name, column: splitColumn(column).column })
  }
  for (const [name, field] of Object.entries(dataType.fields)) {
    if (field.presence === 'required' && !compiled[0]?.fields.some((candidate) => candidate.name === name)) {
      throw new MappingMistake(`${name} is required, and nothing of ${String(collections[0])} is mapped to it`)
    }
  }
  const order = Object.keys(dataType.fields)
  return compiled.map((collection) => ({
    ...collection,
    columns: [...collection.columns],
    fields: collection.fields.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name)),
  }))
}

function startCollection(name: string) {
  const fields: CompiledField[] = []
  const customFields: { name: string; column: string }[] = []
  return { name, columns: new Set<string>(), fields, customFields }
}

function compileField(
  { type, codeSet, ages }: FieldDefinition,
  source: FieldSource,
  codes: Readonly<Record<string, string>> | undefined,
  today: string,
): CompiledField['read'] {
  if ('collect' in source) {
    const flags = source.collect.map(({ code, from }) => ({ code, column: splitColumn(from).column }))
    return (column) => {
      const items = flags.filter((flag) => column(flag.column) === 'true').map((flag) => flag.code)
      return items.length === 0 ? null : items
    }
  }
  if ('classYearFromGrade' in source) {
    const gradeColumn = splitColumn(source.classYearFromGrade).column
    return (column) => countYearsToGraduation(firstItem(column(gradeColumn)))?.toString() ?? null
  }
  if ('firstComplete' in source) throw new MappingMistake('firstComplete was not decided')
  const { column: name } = splitColumn(source.from)
  const takesFirst = source.take === 'first'
  return (column, problem) => {
    const whole = column(name)
    const text = takesFirst ? firstItem(whole) : whole
    if (text === '') return null
    const value = codes === undefined ? text : codes[text]
    if (value === undefined) {
      problem('unmappedCode')
      return null
    }
    if (value === '') return null
    if (!isCodeOf(codeSet, value)) {
      problem('unmappedCode')
      return null
    }
    if (!isValueOfType(type, value)) {
      problem('wrongType')
      return null
    }
    if (ages !== undefined && !isOfAge(value, ages, today)) {
      problem('impossibleAge')
      return null
    }
    if (type === 'org') return listKeys(value)
    return type === 'list' ? listItems(value) : value
  }
}

/** The columns a field reads, as `collection.column`. */
function listColumns(source: FieldSource): readonly string[] {
  if ('collect' in source) return source.collect.map(({ from }) => from)
  if ('classYearFromGrade' in source) return [source.classYearFromGrade]
  if ('firstComplete' in source) return source.firstComplete
  return [source.from]
}

function splitColumn(column: string): { collection: string; column: string } {
  const dot = column.indexOf('.')
  return { collection: column.slice(0, dot), column: column.slice(dot + 1) }
}

function listKeys(text: string): string[] | null {
  const keys = text.includes(',') ? listItems(text) : [text]
  return keys.length === 0 ? null : keys
}

function listItems(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

function firstItem(text: string): string {
  const comma = text.indexOf(',')
  return comma === -1 ? text : (listItems(text)[0] ?? '')
}
