import type { Connector } from '../../connectors/connector.ts'
import type { StagedParts } from '../../db/staging/staged-parts.ts'
import type { DataType } from '../../domain/data-types/define-data-type.ts'
import { compileMapping, type CollectionKind, type CompiledCollection } from '../../domain/mapping/compile-mapping.ts'
import type { MappingDocument } from '../../domain/mapping/mapping-document.ts'

/** Which fields each part of a staged row carries. */
export function deriveStagedParts(
  dataType: DataType,
  connector: Connector,
  mapping: MappingDocument,
  today: string,
): StagedParts {
  return toStagedParts(compileMapping(dataType, mapping, connector.collections(dataType.name), today))
}

/** The parts that compiled collections become, those that are gathered as one. Throws where none carries the records. */
export function toStagedParts(collections: readonly CompiledCollection[]): StagedParts {
  const ofKind = (kind: CollectionKind) => collections.filter((collection) => collection.kind === kind)
  const [records, ...others] = ofKind('records')
  const [supplement, ...more] = ofKind('fields')
  if (records === undefined || others.length > 0 || more.length > 0) {
    throw new Error('a data type has one collection of records, and at most one that adds fields to them')
  }
  const gathered = ofKind('gathered')
  return {
    primary: toPart([records]),
    supplement: supplement === undefined ? null : toPart([supplement]),
    gathered: gathered.length === 0 ? null : toPart(gathered),
  }
}

function toPart(collections: readonly CompiledCollection[]) {
  return {
    fields: collections.flatMap(({ fields }) => fields.map(({ name }) => name)),
    customFields: collections.flatMap(({ customFields }) => customFields.map(({ name }) => name)),
  }
}
