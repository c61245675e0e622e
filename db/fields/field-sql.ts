import {
  columnOf,
  getField,
  targetsOf,
  type DataType,
  type FieldDefinition,
  type ScalarType,
} from '../../domain/data-types/define-data-type.ts'

/** What a field is to PostgreSQL: the one place that knows. What people are shown of it is in show-references.ts. */

const scalarTypes: Readonly<Record<ScalarType, string>> = {
  text: 'text',
  date: 'date',
  integer: 'integer',
  decimal: 'numeric',
}

/** Names that end up in SQL text are those of our own data types; this says so where it matters. */
export function quoteName(name: string): string {
  if (!/^[a-z_][a-z0-9_]*$/.test(name)) throw new Error(`"${name}" is not a name of our schema`)
  return `"${name}"`
}

/** The type of one value of the field in the records: a reference is the id of what it refers to. */
export function valueType({ type }: FieldDefinition): string {
  return typeof type === 'string' ? scalarTypes[type] : 'uuid'
}

/** The type under which a field is copied into PostgreSQL: a reference by its source key. */
export function copiedType(field: FieldDefinition): string {
  const one = typeof field.type === 'string' ? scalarTypes[field.type] : 'text'
  return field.many === true ? `${one}[]` : one
}

/** SQL that reads the field `name` of a JSON object as the journal keeps it. Both are SQL. */
export function parseJson(field: FieldDefinition, json: string, name: string): string {
  const cast = valueType(field) === 'text' ? '' : `::${valueType(field)}`
  if (field.many !== true) return `(${json} ->> ${name})${cast}`
  return `case when jsonb_typeof(${json} -> ${name}) = 'array' then array(
          select item${cast} from jsonb_array_elements_text(${json} -> ${name}) with ordinality as items (item, number)
          order by number) end`
}

/** Beside the column of a field that records are looked up by: the key under which it is looked for. */
export function foldedColumn(field: string): string {
  return `${columnOf(field)}_folded`
}

/** Beside the column of a chosen reference: all that the source names where it names several, else null. */
export function choicesColumn(field: string): string {
  return `${columnOf(field)}_choices`
}

/** Whether the source names what the record `r` has, among others, in the staged row `s`. */
export function isAmongChoices(field: string): string {
  return `coalesce(r.${quoteName(columnOf(field))} = any (s.${quoteName(choicesColumn(field))}), false)`
}

/** The school that a row of the data type counts at, as SQL over `alias`; of several the first. Null where none does. */
export function schoolOf(dataType: DataType, alias: string): string {
  const { schoolField } = dataType
  if (schoolField === null) return 'null::uuid'
  const column = `${alias}.${quoteName(columnOf(schoolField))}`
  return getField(dataType, schoolField).many === true ? `${column}[1]` : column
}

/** Whether a row over `alias` belongs to one of `schools` (SQL, an array); null where it has no school. */
export function isOfSchool(dataType: DataType, alias: string, schools: string): string {
  const { schoolField } = dataType
  if (schoolField === null) return 'true'
  const column = `${alias}.${quoteName(columnOf(schoolField))}`
  return getField(dataType, schoolField).many === true ? `${column} && ${schools}` : `${column} = any (${schools})`
}

/** Whether a row over `alias` belongs to schools of `outside` (SQL, an array) and to none besides; null where it has no school. */
export function isOnlyOfSchools(dataType: DataType, alias: string, outside: string): string {
  const { schoolField } = dataType
  if (schoolField === null) return 'null::boolean'
  const column = `${alias}.${quoteName(columnOf(schoolField))}`
  return getField(dataType, schoolField).many === true ? `${column} <@ ${outside}` : `${column} = any (${outside})`
}

/**
 * The fields whose references may lead to nothing we hold (`unresolved` of the staged rows). A chosen one is none: whatever
 * of its choices is not held is no choice.
 */
export function listLosableReferences(
  dataType: DataType,
): readonly { readonly name: string; readonly field: FieldDefinition }[] {
  return Object.entries(dataType.fields)
    .map(([name, field]) => ({ name, field }))
    .filter(({ field }) => targetsOf(field).length > 0 && field.isChosen !== true)
}
