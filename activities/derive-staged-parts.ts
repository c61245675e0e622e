import type { Connector } from '../connectors/connector.ts'
import type { StagedParts } from '../db/staging/staged-parts.ts'
import type { DataType } from '../domain/data-types/define-data-type.ts'
import { compileMapping, type CompiledCollection } from '../domain/mapping/compile-mapping.ts'
import type { MappingDocument } from '../domain/mapping/mapping-document.ts'

/** Which fields each part of a staged row carries: the first collection of the source is the record's own. */
export function deriveStagedParts(
  dataType: DataType,
  connector: Connector,
  mapping: MappingDocument,
  today: string,
): StagedParts {
  const collections = connector.collections(dataType.name).map(({ name }) => name)
  const [primary, supplement] = compileMapping(dataType, mapping, collections, today)
  if (primary === undefined) throw new Error(`${connector.id} has no collection for ${dataType.name}`)
  return { primary: toPart(primary), supplement: supplement === undefined ? null : toPart(supplement) }
}

function toPart({ fields, customFields }: CompiledCollection) {
  return { fields: fields.map(({ name }) => name), customFields: customFields.map(({ name }) => name) }
}
