import type { Transaction } from 'kysely'
import type { MappingDocument } from '../../domain/mapping/mapping-document.ts'
import type { Database } from '../database.ts'

export type FieldOwner = { readonly connection: string; readonly mapping: MappingDocument }

/** The connections that bring the records of a data type, by name, with what is mapped there now. */
export function listFieldOwners(
  trx: Transaction<Database>,
  { districtId, dataType }: { readonly districtId: string; readonly dataType: string },
): Promise<FieldOwner[]> {
  return trx
    .selectFrom('importConfigurations as c')
    .innerJoin('connections as of', 'of.id', 'c.connectionId')
    .innerJoin('mappingVersions as m', 'm.id', 'c.mappingVersionId')
    .select(['of.name as connection', 'm.document as mapping'])
    .where('c.districtId', '=', districtId)
    .where('c.dataType', '=', dataType)
    .where('c.isEnabled', '=', true)
    .where('c.bringsFields', '=', false)
    .orderBy('of.name')
    .execute()
}
