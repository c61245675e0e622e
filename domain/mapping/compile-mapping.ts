import { isCodeOf } from '../code-sets/registry.ts'
import { keyField, type DataType, type FieldDefinition } from '../data-types/define-data-type.ts'
import { countYearsToGraduation } from './class-year.ts'
import { isOfAge, isValueOfType } from './field-value.ts'
import type { FieldSource, MappingDocument } from './mapping-document.ts'

/** Reads a column of the record at hand, trimmed; '' when blank. */
export type ColumnReader = (column: string) => string

/** What a field's value cannot be taken for, met while reading it. The value is dropped, the record goes on. */
export type ValueProblem = 'unmappedCode' | 'wrongType' | 'impossibleAge'

/**
 * What a collection of the source is to a data type: it carries the records; it adds fields to each of them (one row a
 * record); or it has any number of rows of a record, which are gathered into lists.
 */
export type CollectionKind = 'records' | 'fields' | 'gathered'
export type MappedCollection = { readonly name: string; readonly kind: CollectionKind }

export type CompiledField = {
  readonly name: string
  readonly definition: FieldDefinition
  /** The value is a number of years, to be added to the academic year that the feed is of (academic-year.ts). */
  readonly countsFromAcademicYear?: true
  /** Of a gathered field: whether the item of this row comes before the others. */
  readonly isFirst?: (column: ColumnReader) => boolean
  /** The value in its stored spelling; where it may be several, and of a chosen reference, an array; null when there is none. */
  read(column: ColumnReader, problem: (kind: ValueProblem) => void): string | readonly string[] | null
}

/** The part of a mapping that one collection of the source feeds. */
export type CompiledCollection = MappedCollection & {
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
  collections: readonly MappedCollection[],
  today: string,
): readonly CompiledCollection[] {
  const compiled = collections.map(startCollection)
  const collectionOf = (field: string, columns: readonly string[], isGathered: boolean) => {
    const names = new Set(columns.map((column) => splitColumn(column).collection))
    const [name = compiled[0]?.name] = names
    const found = compiled.find((collection) => collection.name === name)
    if (names.size > 1 || found === undefined) {
      throw new MappingMistake(
        `${field}: its columns must belong to one of ${compiled.map((known) => known.name).join(', ')}`,
      )
    }
    if ((found.kind === 'gathered') !== isGathered) {
      const how = isGathered ? 'has one row of each record, and nothing is gathered from it' : 'is to be gathered'
      throw new MappingMistake(`${field}: ${found.name} ${how}`)
    }
    return found
  }

  for (const [name, source] of Object.entries(document.fields)) {
    const definition = dataType.fields[name]
    if (definition === undefined) throw new MappingMistake(`${name} is not a field of ${dataType.name}`)
    if (definition.isStatus === true) throw new MappingMistake(`${name} follows from the source's own status`)
    if (definition.always !== undefined) throw new MappingMistake(`${name} is the same in every record`)
    const isGathered = 'gather' in source
    if (isGathered && definition.many !== true)
      throw new MappingMistake(`${name} holds one value, and cannot be gathered`)
    const columns = listColumns(source)
    const collection = collectionOf(name, columns, isGathered)
    for (const column of columns) collection.columns.add(splitColumn(column).column)
    const codes = document.codes[name]
    collection.fields.push({
      name,
      definition,
      ...('classYearFromGrade' in source && { countsFromAcademicYear: true }),
      ...(isGathered && { isFirst: compileFirst(source.first) }),
      read: compileField(definition, source, codes, today),
    })
  }
  for (const [name, column] of Object.entries(document.customFields)) {
    const collection = collectionOf(name, [column], false)
    collection.columns.add(splitColumn(column).column)
    collection.customFields.push({ name, column: splitColumn(column).column })
  }
  for (const [name, field] of Object.entries(dataType.fields)) {
    const mayBeFedBy = compiled.filter(({ kind }) => kind !== 'fields')
    const isFed = mayBeFedBy.some(({ fields }) => fields.some((candidate) => candidate.name === name))
    // The source's own key is the key of the row, whatever is mapped.
    if (field.presence === 'required' && !isFed && name !== keyField) {
      const names = mayBeFedBy.map((collection) => collection.name).join(' or ')
      throw new MappingMistake(`${name} is required, and nothing of ${names} is mapped to it`)
    }
  }
  const order = Object.keys(dataType.fields)
  return compiled.map((collection) => ({
    ...collection,
    columns: [...collection.columns],
    fields: collection.fields.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name)),
  }))
}

function startCollection({ name, kind }: MappedCollection) {
  const fields: CompiledField[] = []
  const customFields: { name: string; column: string }[] = []
  return { name, kind, columns: new Set<string>(), fields, customFields }
}

function compileField(
  definition: FieldDefinition,
  source: FieldSource,
  codes: Readonly<Record<string, string>> | undefined,
  today: string,
): CompiledField['read'] {
  if ('constant' in source)
    return (_column, problem) => readValue(source.constant, definition, undefined, today, problem)
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
  const name = splitColumn('gather' in source ? source.gather : source.from).column
  const takesFirst = 'from' in source && source.take === 'first'
  if (definition.many === true && !takesFirst) {
    return (column, problem) => {
      const items = listItems(column(name)).flatMap((item) => readValue(item, definition, codes, today, problem) ?? [])
      return items.length === 0 ? null : [...new Set(items)]
    }
  }
  return (column, problem) => {
    const whole = column(name)
    if (whole === '') return null
    const value = readValue(takesFirst ? firstItem(whole) : whole, definition, codes, today, problem)
    if (value === null || definition.isChosen !== true) return value
    return listKeys(value)
  }
}

/** One value under its codes and of its type; null where it is blank, or dropped for what `problem` is told. */
function readValue(
  text: string,
  { type, codeSet, ages }: FieldDefinition,
  codes: Readonly<Record<string, string>> | undefined,
  today: string,
  problem: (kind: ValueProblem) => void,
): string | null {
  if (text === '') return null
  const value = codes === undefined ? text : codes[text]
  if (value === '') return null
  if (value === undefined || !isCodeOf(codeSet, value)) {
    problem('unmappedCode')
    return null
  }
  if (typeof type === 'string' && !isValueOfType(type, value)) {
    problem('wrongType')
    return null
  }
  if (ages !== undefined && !isOfAge(value, ages, today)) {
    problem('impossibleAge')
    return null
  }
  return value
}

function compileFirst(first: string | undefined): (column: ColumnReader) => boolean {
  if (first === undefined) return () => false
  const { column: name } = splitColumn(first)
  return (column) => column(name) === 'true'
}

/** The columns a field reads, as `collection.column`. */
function listColumns(source: FieldSource): readonly string[] {
  if ('collect' in source) return source.collect.map(({ from }) => from)
  if ('classYearFromGrade' in source) return [source.classYearFromGrade]
  if ('firstComplete' in source) return source.firstComplete
  if ('constant' in source) return []
  if ('gather' in source) return source.first === undefined ? [source.gather] : [source.gather, source.first]
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
