import type { DataType } from '../domain/data-types/define-data-type.ts'
import { dataTypes, findDataType } from '../domain/data-types/registry.ts'
import { Refusal } from './failures.ts'

/** The data type of this name; throws a Refusal that names those there are. */
export function getKnownDataType(name: string): DataType {
  const dataType = findDataType(name)
  if (dataType !== undefined) return dataType
  const names = dataTypes.map((known) => known.name).join(', ')
  throw new Refusal('REQUEST_INVALID', `There is no data type of this name; there are: ${names}.`)
}
