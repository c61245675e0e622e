import type { FieldSource, MappingDocument } from './mapping-document.ts'

/** A column that a field is fed by; `column` without the name of its collection. */
export type MappedColumn = { readonly field: string; readonly collection: string; readonly column: string }

/** The columns a field reads, as `collection.column`. */
export function listColumns(source: FieldSource): readonly string[] {
  if ('collect' in source) return source.collect.map(({ from }) => from)
  if ('classYearFromGrade' in source) return [source.classYearFromGrade]
  if ('firstComplete' in source) return source.firstComplete
  if ('constant' in source) return []
  if ('gather' in source) return source.first === undefined ? [source.gather] : [source.gather, source.first]
  return [source.from]
}

/** `users.metadata.lunch` as its collection and the column in it. */
export function splitColumn(column: string): { collection: string; column: string } {
  const dot = column.indexOf('.')
  return { collection: column.slice(0, dot), column: column.slice(dot + 1) }
}

/** Every column that a mapping names, custom fields last. */
export function listMappedColumns({ fields, customFields }: MappingDocument): readonly MappedColumn[] {
  const named = [
    ...Object.entries(fields).map(([field, source]) => [field, listColumns(source)] as const),
    ...Object.entries(customFields).map(([field, column]) => [field, [column]] as const),
  ]
  return named.flatMap(([field, columns]) => columns.map((column) => ({ field, ...splitColumn(column) })))
}

/**
 * The columns that somebody chose: those that a field has in `document` and not in the shipped mapping. What a connector
 * ships names columns that a standard leaves to the source, and is silent where they are missing; of a choice of a person that
 * would be a field that becomes blank without a word.
 */
export function listChosenColumns(document: MappingDocument, shipped: MappingDocument): readonly MappedColumn[] {
  const keyOf = ({ field, collection, column }: MappedColumn) => JSON.stringify([field, collection, column])
  const ofShipped = new Set(listMappedColumns(shipped).map(keyOf))
  return listMappedColumns(document).filter((mapped) => !ofShipped.has(keyOf(mapped)))
}
