import type { CodeSetName } from '../code-sets/registry.ts'
import type { MatchingFields } from '../matching/matching-aspects.ts'

/** How one value is kept. Dates stay text (`YYYY-MM-DD`), never a moment. */
export type ScalarType = 'text' | 'date' | 'integer' | 'decimal'

/**
 * A record that we hold, named in the source by its source key: an org, or a record of another data type. Of several
 * data types the first that holds the key.
 */
export type Reference = { readonly references: string | readonly [string, ...string[]] }

export type FieldType = ScalarType | Reference

/**
 * One field of a data type.
 * `required`: without it the record is not imported. `expected`: without it the record is imported and an alert says so.
 */
export type FieldDefinition = {
  readonly type: FieldType
  /** Several values, in the order of the source; references in the order of their source keys, each once. */
  readonly many?: true
  readonly presence?: 'required' | 'expected'
  /** A closed list: nothing else is kept in the field. */
  readonly codeSet?: CodeSetName
  /** Text that is written in some form; one of another is told of and kept. */
  readonly form?: 'emailAddress'
  /** Text of several sentences, which may be longer than others. */
  readonly isProse?: true
  /** Of a date of birth: how old, in whole years on the day of the run, somebody of this data type can be. */
  readonly ages?: { readonly from: number; readonly to: number }
  /** True where the value follows from the record's status and is not stored as a column of its own. */
  readonly isStatus?: true
  /** The one value that every record of the data type has in it; not stored either. */
  readonly always?: string
  /** Kept, compared and undone as any other field, and no part of what the data type shows: lists leave it out. */
  readonly isInternal?: true
  /** Of a reference: the source may name several, of which the one that we hold is kept, else the first that there is. */
  readonly isChosen?: true
  /** A record of which the source says nothing that this field knows is none of this data type: it is passed over. */
  readonly isScope?: true
  /** Of what is gathered: so many records each item may be of, those aside where it comes first or is alone (an import setting). */
  readonly mostOfEach?: 'coTeacherClasses'
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
  /** The field that says which school a record belongs to, by which the safety limits count; null where none does. */
  readonly schoolField: string | null
  /** Fields that recognise a record whose ids all changed (safety limit `idSchemeChange`): all of one group must be equal. */
  readonly resemblance: readonly (readonly string[])[]
  /** Which field says what of a person, for recognising her without a key. Without it no duplicate is looked for. */
  readonly matching?: MatchingFields
  /** Data types that must have been imported before, besides those that a required field refers to. */
  readonly after: readonly string[]
  /** Imported when a person asks for it, and by no schedule. */
  readonly isByHand?: true
  /** The field by which a reference to a record is shown. */
  readonly shownBy: string
  /** The fields that together are what people call a record; none where it has no name of its own. */
  readonly named: readonly string[]
}

export function defineDataType<const T extends DataType>(dataType: T): T {
  return dataType
}

/** The field that holds the source's own key of a record; every row of an input has it, whatever is mapped. */
export const keyField = 'sourceKey'

/** `givenName` → `given_name`: the column of a field in every table of its data type. */
export function columnOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** The fields that have a column of their own, in order. */
export function storedFields(dataType: DataType): string[] {
  return Object.entries(dataType.fields)
    .filter(([, field]) => field.isStatus !== true && field.always === undefined)
    .map(([name]) => name)
}

/** The fields that a list of the records shows, in order: all but the internal ones. */
export function shownFields(dataType: DataType): string[] {
  return Object.entries(dataType.fields)
    .filter(([, field]) => field.isInternal !== true)
    .map(([name]) => name)
}

export function getField(dataType: DataType, name: string): FieldDefinition {
  const field = dataType.fields[name]
  if (field === undefined) throw new Error(`${dataType.name} has no field ${name}`)
  return field
}

/** What a field may refer to, in the order in which it is looked for: `orgs`, or names of data types; none for a value. */
export function targetsOf({ type }: Pick<FieldDefinition, 'type'>): readonly string[] {
  if (typeof type === 'string') return []
  return typeof type.references === 'string' ? [type.references] : type.references
}

/** Of what a custom field holds, and of a field of prose. */
export const longestProse = 20_000

/** Of a key of the source: room for two ids of OneRoster, because what joins two records has both as its key. */
export const longestKey = 600

/** UTF-16 units that a text of the field may have: keys and names stand in indexes, which take 2,704 bytes. */
export function longestText({ matchKeys, fields }: DataType, name: string): number {
  if (name === keyField || matchKeys.includes(name)) return longestKey
  return fields[name]?.isProse === true ? longestProse : 500
}

/** In words, as documents and messages call it. */
export function describeType({ type, many }: FieldDefinition): string {
  const one = typeof type === 'string' ? type : `reference to ${targetsOf({ type }).join(' or ')}`
  return many === true ? `${one}, many` : one
}

/**
 * The fields by which a record is looked up besides its keys: what it is called, the first in order first, and its
 * address. A name that may be missing is none to look up or to sort by.
 */
export function lookUpFields({ named, fields }: DataType): {
  readonly names: readonly string[]
  readonly email?: string
} {
  const email = Object.entries(fields).find(([, { form }]) => form === 'emailAddress')?.[0]
  const isNamed = named.every((field) => fields[field]?.presence === 'required')
  return { names: isNamed ? named.toReversed() : [], ...(email === undefined ? {} : { email }) }
}
