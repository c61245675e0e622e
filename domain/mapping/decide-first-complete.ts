import type { MappingDocument } from './mapping-document.ts'

/** A field whose column the first package decides, with the columns to try in order. */
export type OpenChoice = { readonly field: string; readonly columns: readonly string[] }

/** The field of a mapping that is still to be decided by a package; at most one is decided at a time. */
export function findOpenChoice(document: MappingDocument): OpenChoice | undefined {
  for (const [field, source] of Object.entries(document.fields)) {
    if ('firstComplete' in source) return { field, columns: source.firstComplete }
  }
  return undefined
}

/** The same mapping with the choice written down, so that later packages cannot change the meaning of an id. */
export function decideFirstComplete(document: MappingDocument, field: string, column: string): MappingDocument {
  return { ...document, fields: { ...document.fields, [field]: { from: column } } }
}
