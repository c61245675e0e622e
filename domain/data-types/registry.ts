import type { DataType } from './define-data-type.ts'
import { students } from './students.ts'

/** Every data type that can be imported. Adding one is a line here (CONTRIBUTING.md, "Add a data type"). */
export const dataTypes: readonly DataType[] = [students]

export function findDataType(name: string): DataType | undefined {
  return dataTypes.find((dataType) => dataType.name === name)
}

export function getDataType(name: string): DataType {
  const dataType = findDataType(name)
  if (dataType === undefined) throw new Error(`there is no data type "${name}"`)
  return dataType
}
