import type { Connector } from './connector.ts'

/** Whether what the source has of a data type are fields of records that others bring, and no records of its own (0053). */
export function bringsFieldsOnly(connector: Pick<Connector, 'collections'>, dataType: string): boolean {
  return connector.collections(dataType).some((collection) => collection.bringsFieldsOnly)
}
