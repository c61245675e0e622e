import { z } from 'zod'

/** A source column, `collection.column`, e.g. `users.givenName`. */
const SourceColumn = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9]*\.\S(.*\S)?$/, 'collection.column, for example users.givenName')

/**
 * Where one of our fields comes from. White space at the ends of a value is always removed, nothing else is changed.
 *
 * - `from`: the column's value; with `take: 'first'` the first item of a comma-separated list.
 * - `collect`: the codes whose column is `true`, as a list, in this order.
 * - `classYearFromGrade`: the graduation year that follows from a grade column.
 * - `firstComplete`: the first of these columns that every record to be imported fills and no two share; decided
 *   by the first package, then written down as a plain `from`.
 * - `constant`: the same value for every record.
 * - `gather`: the column's values of all rows that another collection has of the record; those first whose column
 *   `first` is `true`.
 */
export const FieldSource = z.union([
  z.strictObject({ from: SourceColumn, take: z.literal('first').optional() }),
  // An array, because the order of the items is the order of the list and a database may reorder keys.
  z.strictObject({ collect: z.array(z.strictObject({ code: z.string(), from: SourceColumn })).min(1) }),
  z.strictObject({ classYearFromGrade: SourceColumn }),
  z.strictObject({ firstComplete: z.array(SourceColumn).min(1) }),
  z.strictObject({ constant: z.string().min(1) }),
  z.strictObject({ gather: SourceColumn, first: SourceColumn.optional() }),
])
export type FieldSource = z.infer<typeof FieldSource>

/**
 * One version of a field and code mapping of one (connection, data type). Data, so that an operator can read it,
 * change it, compare two of them. A field that is not named is not imported.
 */
export const MappingDocument = z.strictObject({
  fields: z.record(z.string(), FieldSource),
  /** Of a source that brings fields alone: the field by which a row finds its record; its column is among `fields`. */
  matchBy: z.string().optional(),
  /** Custom field name → source column, `users.metadata.…` usually. */
  customFields: z.record(z.string(), SourceColumn).default({}),
  /** Field → source code → our code; a field without an entry takes source codes as they are. `''` means blank. */
  codes: z.record(z.string(), z.record(z.string(), z.string())).default({}),
  /** The day on which the academic year turns over, `MM-DD`. */
  academicYearTurnsOn: z
    .string()
    .regex(/^\d\d-\d\d$/)
    .default('07-01'),
})
export type MappingDocument = z.infer<typeof MappingDocument>
