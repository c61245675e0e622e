import { columnOf, storedFields, type DataType, type FieldType } from '../../domain/data-types/define-data-type.ts'

/** What one collection of the source feeds: CompiledCollection of domain/mapping, by names alone. */
export type StagedPart = { readonly fields: readonly string[]; readonly customFields: readonly string[] }

/**
 * The primary collection carries the records, the supplement adds fields to them by key (`users` and `demographics`).
 * A field of the data type that neither feeds is not imported.
 */
export type StagedParts = { readonly primary: StagedPart; readonly supplement: StagedPart | null }

/**
 * Values of `staged_<type>.kind`. `rejected`: this row is refused, another one of the same record may not be;
 * `contested`: everything that the input says under this key is refused.
 */
export const stagedKind = { active: 1, inactive: 2, rejected: 3, contested: 4 } as const
/**
 * Bits of `staged_<type>.parts`: the part's row is there; a value of it was dropped, so that its blanks are no word of the
 * source.
 */
export const partBit = { primary: 1, supplement: 2, primaryDropped: 4, supplementDropped: 8 } as const

const columnTypes: Readonly<Record<FieldType, string>> = {
  text: 'text',
  date: 'date',
  integer: 'integer',
  decimal: 'numeric',
  list: 'text[]',
  // The source's key of the org; finishing the staging turns it into the org's id.
  org: 'text',
}

export type StagedColumn = { readonly field: string; readonly column: string; readonly type: string }

/** The source's own key of a record: it joins the parts, so every row has it whatever the mapping says. */
export const keyField = 'sourceKey'

/** Beside the column of an org: all that the source names where it names several, else null. */
export function choicesColumn(field: string): string {
  return `${columnOf(field)}_choices`
}

/** The columns of a part's fields but its key, in the order of the data type and never in that of the mapping. */
export function listStagedColumns(dataType: DataType, part: StagedPart): StagedColumn[] {
  return storedFields(dataType)
    .filter((field) => field !== keyField && part.fields.includes(field))
    .flatMap((field) => {
      const definition = dataType.fields[field]
      if (definition === undefined) throw new Error(`${dataType.name} has no field ${field}`)
      const column = { field, column: columnOf(field), type: columnTypes[definition.type] }
      if (definition.type !== 'org') return [column]
      return [column, { field: `${field}.choices`, column: choicesColumn(field), type: 'text[]' }]
    })
}

/** Names that end up in SQL text are those of our own data types; this says so where it matters. */
export function quoteName(name: string): string {
  if (!/^[a-z_][a-z0-9_]*$/.test(name)) throw new Error(`"${name}" is not a name of our schema`)
  return `"${name}"`
}
