import { isCodeOf } from '../code-sets/registry.ts'
import {
  getField,
  keyField,
  longestText,
  storedFields,
  type DataType,
  type FieldDefinition,
} from '../data-types/define-data-type.ts'
import { isEmailAddress, type ValueProblem } from '../import-rules/value-rules.ts'
import { countYearsToGraduation } from './class-year.ts'
import { isOfAge, isValueOfType } from './field-value.ts'
import type { FieldSource, MappingDocument } from './mapping-document.ts'
import { listColumns, splitColumn } from './source-columns.ts'

/** Reads a column of the record at hand, trimmed; '' when blank. */
export type ColumnReader = (column: string) => string

/**
 * What a collection of the source is to a data type: it carries the records; it adds fields to each of them (one row a
 * record); or it has any number of rows of a record, which are gathered into lists.
 */
export type CollectionKind = 'records' | 'fields' | 'gathered'
export type MappedCollection = {
  readonly name: string
  readonly kind: CollectionKind
  /** The rows bring fields of records that are held, which they find by an id, and no records. */
  readonly bringsFieldsOnly?: true
  /** Columns of e-mail addresses whose form a rule of the connector looks at: it is told once. */
  readonly checkedAddresses?: readonly string[]
}

/** Whether what a source has of a data type are fields of records that others bring, and no records of its own (0053). */
export function bringsFieldsOnly(collections: readonly MappedCollection[]): boolean {
  return collections.some((collection) => collection.bringsFieldsOnly)
}

export type CompiledField = {
  readonly name: string
  readonly definition: FieldDefinition
  /** UTF-16 units that a text of it may have. */
  readonly longest: number
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
  /** Where the rows bring fields alone: the field by which a row finds its record, and its column. It is none of `fields`. */
  readonly match?: MatchedBy
  /** In the order of the data type. */
  readonly fields: readonly CompiledField[]
  /** Column → the source's own words in it that codes of the mapping name. */
  readonly ownCodes: Readonly<Record<string, readonly string[]>>
  /** Custom field name → column. */
  readonly customFields: readonly { readonly name: string; readonly column: string }[]
}

/** The field by which a row finds the record that it is about, and the column that it stands in. */
export type MatchedBy = { readonly field: string; readonly column: string }

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
 * field fed by two collections, or a required field that nothing feeds. Where the rows bring fields alone no field is required,
 * one finds the record, and ids stay as they are.
 */
export function compileMapping(
  dataType: DataType,
  document: MappingDocument,
  collections: readonly MappedCollection[],
  today: string,
): readonly CompiledCollection[] {
  const [mistake] = listMappingMistakes(dataType, document, collections)
  if (mistake !== undefined) throw new MappingMistake(mistake.message)
  const compiled = collections.map(startCollection)
  const collectionOf = (columns: readonly string[]) => {
    const [name = compiled[0]?.name] = columns.map((column) => splitColumn(column).collection)
    const found = compiled.find((collection) => collection.name === name)
    if (found === undefined) throw new MappingMistake(`there is no collection ${name ?? ''}`)
    return found
  }
  const found = findMatch(dataType, document, collections)
  const match = found !== undefined && 'column' in found ? found : undefined
  for (const [name, source] of Object.entries(document.fields)) {
    if (name === match?.field) {
      compiled[0]?.columns.add(match.column)
      continue
    }
    const definition = getField(dataType, name)
    const columns = listColumns(source)
    const collection = collectionOf(columns)
    for (const column of columns) collection.columns.add(splitColumn(column).column)
    const codes = findCodes(document, name, source)
    for (const column of codes === undefined ? [] : columns) {
      const { column: of } = splitColumn(column)
      collection.ownCodes[of] = [...new Set([...(collection.ownCodes[of] ?? []), ...Object.keys(codes ?? {})])]
    }
    const looksAtForm = !columns.some((column) => collection.checkedAddresses.includes(splitColumn(column).column))
    const target: ReadTarget = {
      ...{ definition, longest: longestText(dataType, name), codes, today, looksAtForm },
    }
    collection.fields.push({
      ...{ name, definition, longest: target.longest },
      ...('classYearFromGrade' in source && { countsFromAcademicYear: true }),
      ...('gather' in source && { isFirst: compileFirst(source.first) }),
      read: compileField(target, source),
    })
  }
  for (const [name, column] of Object.entries(document.customFields)) {
    const collection = collectionOf([column])
    collection.columns.add(splitColumn(column).column)
    collection.customFields.push({ name, column: splitColumn(column).column })
  }
  const order = Object.keys(dataType.fields)
  return compiled.map((collection) => ({
    ...collection,
    ...(match !== undefined && { match }),
    columns: [...collection.columns],
    fields: collection.fields.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name)),
  }))
}

/** The field of `matchBy`, which only rows that bring fields alone have; they change no id of a record. Or why it cannot be one. */
function findMatch(
  dataType: DataType,
  { matchBy, fields }: MappingDocument,
  [records]: readonly MappedCollection[],
): MatchedBy | FoundMistake | undefined {
  if (records?.bringsFieldsOnly !== true) {
    if (matchBy === undefined) return undefined
    return { field: null, message: 'matchBy is for sources that bring fields alone; this one brings records' }
  }
  if (matchBy === undefined) {
    return { field: null, message: 'matchBy is missing: the field by which a row finds its record' }
  }
  const definition = dataType.fields[matchBy]
  const source = fields[matchBy]
  if (definition?.type !== 'text' || definition.many === true || !storedFields(dataType).includes(matchBy)) {
    const message = `matchBy: a row cannot find its record by ${matchBy}, which is no text of ${dataType.name}`
    return { field: matchBy, message }
  }
  if (source === undefined || !('from' in source) || source.take !== undefined) {
    return { field: matchBy, message: `${matchBy}: a row finds its record by it, so that it is read from a column` }
  }
  const ids = [...dataType.matchKeys, keyField].filter((name) => name !== matchBy && fields[name] !== undefined)
  const [first] = ids
  if (first !== undefined) {
    return { field: first, message: `${ids.join(', ')}: ids are not changed by a source that brings fields alone` }
  }
  return { field: matchBy, column: splitColumn(source.from).column }
}

/** `message` names the field; `field` null where it is of none. */
export type FoundMistake = { readonly field: string | null; readonly message: string }

/** Every reason for which `compileMapping` would throw, of fields in the order of the document; required ones that nothing feeds last. */
export function listMappingMistakes(
  dataType: DataType,
  document: MappingDocument,
  collections: readonly MappedCollection[],
): readonly FoundMistake[] {
  const mistakes: FoundMistake[] = []
  const fedBy = new Map<string, MappedCollection>()
  const place = (field: string, columns: readonly string[], isGathered: boolean) => {
    const found = findCollection(field, columns, isGathered, collections)
    if (typeof found === 'string') mistakes.push({ field, message: found })
    else fedBy.set(field, found)
  }
  const match = findMatch(dataType, document, collections)
  if (match !== undefined && 'message' in match) mistakes.push(match)
  const matchField = match !== undefined && 'column' in match ? match.field : undefined
  for (const [name, source] of Object.entries(document.fields)) {
    if (name === matchField) continue
    const message = findFieldMistake(dataType, name, source)
    if (message === undefined) place(name, listColumns(source), 'gather' in source)
    else mistakes.push({ field: name, message })
  }
  for (const [name, column] of Object.entries(document.customFields)) place(name, [column], false)
  if (match !== undefined) {
    const isIdle = matchField !== undefined && fedBy.size === 0 && mistakes.length === 0
    if (!isIdle) return mistakes
    return [{ field: null, message: `nothing but ${matchField}, by which a row finds its record, is mapped` }]
  }
  const mayBeFedBy = collections.filter(({ kind }) => kind !== 'fields')
  const wrong = new Set(mistakes.map(({ field }) => field))
  for (const [name, field] of Object.entries(dataType.fields)) {
    const isFed = mayBeFedBy.some((collection) => fedBy.get(name) === collection)
    // The source's own key is the key of the row, whatever is mapped.
    if (field.presence !== 'required' || isFed || wrong.has(name) || name === keyField) continue
    const names = mayBeFedBy.map((collection) => collection.name).join(' or ')
    mistakes.push({ field: name, message: `${name} is required, and nothing of ${names} is mapped to it` })
  }
  return mistakes
}

function findFieldMistake(dataType: DataType, name: string, source: FieldSource): string | undefined {
  const definition = dataType.fields[name]
  if (definition === undefined) return `${name} is not a field of ${dataType.name}`
  if (definition.isStatus === true) return `${name} follows from the source's own status`
  if (definition.always !== undefined) return `${name} is the same in every record`
  if ('gather' in source && definition.many !== true) return `${name} holds one value, and cannot be gathered`
  return undefined
}

/** The one that all of the columns are of, or why there is none. */
function findCollection(
  field: string,
  columns: readonly string[],
  isGathered: boolean,
  collections: readonly MappedCollection[],
): MappedCollection | string {
  const names = new Set(columns.map((column) => splitColumn(column).collection))
  const [name = collections[0]?.name] = names
  const found = collections.find((collection) => collection.name === name)
  if (names.size > 1 || found === undefined) {
    return `${field}: its columns must belong to one of ${collections.map((known) => known.name).join(', ')}`
  }
  if ((found.kind === 'gathered') === isGathered) return found
  const how = isGathered ? 'has one row of each record, and nothing is gathered from it' : 'is to be gathered'
  return `${field}: ${found.name} ${how}`
}

function startCollection({ name, kind, checkedAddresses = [] }: MappedCollection) {
  const fields: CompiledField[] = []
  const customFields: { name: string; column: string }[] = []
  const ownCodes: Record<string, readonly string[]> = {}
  return { name, kind, columns: new Set<string>(), fields, customFields, checkedAddresses, ownCodes }
}

/** A class year follows from a grade by the codes of the grade, unless it has some of its own. */
function findCodes({ codes }: MappingDocument, name: string, source: FieldSource) {
  return codes[name] ?? ('classYearFromGrade' in source ? codes['gradeLevel'] : undefined)
}

/** What a value is read for. */
type ReadTarget = {
  readonly definition: FieldDefinition
  readonly longest: number
  readonly codes: Readonly<Record<string, string>> | undefined
  readonly today: string
  readonly looksAtForm: boolean
}

function compileField(target: ReadTarget, source: FieldSource): CompiledField['read'] {
  const { definition } = target
  if ('constant' in source) {
    const ours = { ...target, codes: undefined }
    return (_column, problem) => readValue(source.constant, ours, problem)
  }
  if ('collect' in source) {
    const flags = source.collect.map(({ code, from }) => ({ code, column: splitColumn(from).column }))
    return (column) => {
      const items = flags.filter((flag) => column(flag.column) === 'true').map((flag) => flag.code)
      return items.length === 0 ? null : items
    }
  }
  if ('classYearFromGrade' in source) {
    const gradeColumn = splitColumn(source.classYearFromGrade).column
    const { codes } = target
    return (column) => {
      const grade = firstItem(column(gradeColumn))
      return countYearsToGraduation(codes === undefined ? grade : (codes[grade] ?? ''))?.toString() ?? null
    }
  }
  if ('firstComplete' in source) throw new MappingMistake('firstComplete was not decided')
  const name = splitColumn('gather' in source ? source.gather : source.from).column
  const takesFirst = 'from' in source && source.take === 'first'
  if (definition.many === true && !takesFirst) {
    return (column, problem) => {
      const items = listItems(column(name)).flatMap((item) => readValue(item, target, problem) ?? [])
      return items.length === 0 ? null : [...new Set(items)]
    }
  }
  return (column, problem) => {
    const whole = column(name)
    if (whole === '') return null
    const value = readValue(takesFirst ? firstItem(whole) : whole, target, problem)
    if (value === null || definition.isChosen !== true) return value
    return listKeys(value)
  }
}

/** One value under its codes and of its type; null where it is blank, or left out for what `problem` is told. */
function readValue(
  text: string,
  { definition, longest, codes, today, looksAtForm }: ReadTarget,
  problem: (kind: ValueProblem) => void,
): string | null {
  if (text === '') return null
  const value = codes === undefined ? text : codes[text]
  if (value === '') return null
  const { type, codeSet, ages, form } = definition
  if (value === undefined || !isCodeOf(codeSet, value)) {
    problem('unmappedCode')
    return null
  }
  // A reference is not kept as text: one that is too long leads nowhere.
  if (typeof type !== 'string') return value
  if (!isValueOfType(type, value)) {
    problem('wrongType')
    return null
  }
  if (value.length > longest) {
    problem('tooLong')
    return null
  }
  if (ages !== undefined && !isOfAge(value, ages, today)) {
    problem('impossibleAge')
    return null
  }
  if (form !== undefined && looksAtForm && !isEmailAddress(value)) problem('noAddress')
  return value
}

function compileFirst(first: string | undefined): (column: ColumnReader) => boolean {
  if (first === undefined) return () => false
  const { column: name } = splitColumn(first)
  return (column) => column(name) === 'true'
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
