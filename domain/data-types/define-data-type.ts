import type { MatchingFields } from '../matching/matching-aspects.ts'

/** How a field's value is kept. `list` is text items in order; `org`
 * the source's key of one, or of several of which the one that we hold is kept; dates stay text (`YYYY-MM-DD`), never a moment. */
export type FieldType = 'text' | 'date' | 'integer' | 'decimal' | 'list' | 'org'

/**
 * One field of a data type.
 * `required`: without it the record is not imported. `expected`: without it the record is imported and an alert says so.
 */
export type FieldDefinition = {
  readonly type: FieldType
  readonly presence?: 'required' | 'expected'
  /** Name of a closed list in domain/code-sets/. */
  readonly codeSet?: string
  /** Of a date of birth: how old, in whole years on the day of the run, somebody of this data type can be. */
  readonly ages?: { readonly from: number; readonly to: number }
  /** True where the value follows from the record's status and is not stored as a column of its own. */
  readonly isStatus?: true
}

export type DataType = {
  readonly name: string
  /** Table that holds the records, and that holds a run's staged rows. */
  readonly table: string
  readonly stagedTable: string
  readonly label: { readonly one: string; readonly many: string }
  /** In the order of docs/reference/data-types.md, which is also the order of `records --csv`. */
  readonly fields: Readonly<Record<string, FieldDefinition>>
  /** Fields that identify a record exactly, tried in order. The first is unique among a district's records. */
  readonly matchKeys: readonly [string, ...string[]]
  /** The field that says which school a record belongs to: the safety limits count by it. */
  readonly schoolField?: string
  /** Fields that recognise a person whose ids all changed (safety limit `idSchemeChange`): all of one group must be equal. */
  readonly resemblance: readonly (readonly string[])[]
  /** Which field says what of a person, for recognising her without a key. Without it no duplicate is looked for. */
  readonly matching?: MatchingFields
  /** Data types that must have been imported first. */
  readonly references: readonly string[]
}

export function defineDataType<const T extends DataType>(dataType: T): T {
  return dataType
}

/** `givenName` → `given_name`: the column of a field in every table of its data type. */
export function columnOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** The fields that have a column of their own, in order. */
export function storedFields(dataType: DataType): string[] {
  return Object.entries(dataType.fields)
    .filter(([, field]) => field.isStatus !== true)
    .map(([name]) => name)
}
