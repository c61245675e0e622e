import type { MappingDocument } from './mapping-document.ts'

export type OwnedField = { readonly field: string; readonly owner: string }

type Owner = { readonly connection: string; readonly mapping: Pick<MappingDocument, 'fields' | 'customFields'> }

/**
 * What a field import would change that another connection feeds, and which: the next import of that one would take it back,
 * and nobody could tell whose value is right. The field by which a row finds its record is not changed.
 */
export function findOwnedFields(
  mapping: Pick<MappingDocument, 'fields' | 'customFields' | 'matchBy'>,
  owners: readonly Owner[],
): readonly OwnedField[] {
  const isOwned = (part: 'fields' | 'customFields', field: string) => {
    const owner = owners.find((one) => Object.hasOwn(one.mapping[part], field))
    return owner === undefined ? [] : [{ field, owner: owner.connection }]
  }
  return [
    ...Object.keys(mapping.fields)
      .filter((field) => field !== mapping.matchBy)
      .flatMap((field) => isOwned('fields', field)),
    ...Object.keys(mapping.customFields).flatMap((field) => isOwned('customFields', field)),
  ]
}
