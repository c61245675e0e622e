import { columnOf, getField, keyField, storedFields, type DataType } from '../../domain/data-types/define-data-type.ts'
import { choicesColumn, copiedType } from '../fields/field-sql.ts'

/** What collections of one kind feed: CompiledCollection of domain/mapping, by names alone. */
export type StagedPart = { readonly fields: readonly string[]; readonly customFields: readonly string[] }

/**
 * The primary collection carries the records, the supplement adds fields to them by key (`users` and `demographics`), and
 * what is gathered makes lists of many rows for each (the teachers of a class). A field of the data type that none of
 * them feeds is not imported.
 */
export type StagedParts = {
  readonly primary: StagedPart
  readonly supplement: StagedPart | null
  readonly gathered: StagedPart | null
}

/**
 * Values of `staged_<type>.kind`. `rejected`: this row is refused, another one of the same record may not be;
 * `contested`: everything that the input says under this key is refused; `fields`: the row brings fields of a record that is
 * held, and whatever becomes of it, it creates none.
 */
export const stagedKind = { active: 1, inactive: 2, rejected: 3, contested: 4, fields: 5 } as const

/**
 * Bits of `staged_<type>.parts`: the part's row is there; a value of it was dropped, so that its blanks are no word of the
 * source.
 */
export const partBit = {
  primary: 1,
  supplement: 2,
  primaryDropped: 4,
  supplementDropped: 8,
  gathered: 16,
  gatheredDropped: 32,
} as const

export const partNames = ['primary', 'supplement', 'gathered'] as const
export type PartName = (typeof partNames)[number]

export type StagedColumn = { readonly field: string; readonly column: string; readonly type: string }

/** The columns of a part's fields but its key, in the order of the data type and never in that of the mapping. */
export function listStagedColumns(dataType: DataType, part: StagedPart): StagedColumn[] {
  return storedFields(dataType)
    .filter((name) => name !== keyField && part.fields.includes(name))
    .flatMap((name) => {
      const field = getField(dataType, name)
      const column = { field: name, column: columnOf(name), type: copiedType(field) }
      if (field.isChosen !== true) return [column]
      return [column, { field: `${name}.choices`, column: choicesColumn(name), type: 'text[]' }]
    })
}

/** What a gathered item is among those of its record. `uncertain`: its row was refused, and nothing follows from it. */
export const itemMark = { other: 0, first: 1, uncertain: 2 } as const
