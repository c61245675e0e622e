import { findDataType } from '../../domain/data-types/registry.ts'
import { countOf, formatCount } from '../print.ts'

/** `1 student`, `2,406 students`. A server that is newer than this program may know more data types. */
export function countRecords(count: number, dataType: string): string {
  const label = findDataType(dataType)?.label
  return label === undefined ? `${formatCount(count)} ${dataType}` : countOf(count, label.one, label.many)
}
