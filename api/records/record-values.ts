import { getField, shownFields, type DataType } from '../../domain/data-types/define-data-type.ts'
import type { ListedRecord } from '../../db/records/list-records.ts'
import type { RosterRecord } from '../contract/record.ts'

type Held = Pick<ListedRecord, 'id' | 'status' | 'values' | 'customFields'>

/** A record as lists and exports show it. */
export function toRecordDocument(record: Held, dataType: DataType): RosterRecord {
  const fields = shownFields(dataType).map((name) => [name, valueOf(dataType, name, record)])
  // Names and values by the registry; JSON can carry each of them.
  return {
    recordId: record.id,
    status: record.status,
    fields: Object.fromEntries(fields) as Record<string, unknown>,
    customFields: { ...record.customFields },
  }
}

/** The cells of a record in a CSV whose header is `recordId`, `status`, the shown fields and these custom fields. */
export function toCells(record: Held, dataType: DataType, custom: readonly string[]): unknown[] {
  return [
    record.id,
    record.status,
    ...shownFields(dataType).map((name) => valueOf(dataType, name, record)),
    ...custom.map((name) => record.customFields?.[name]),
  ]
}

/** Of a field that is not stored, what follows from the record or from its data type. */
function valueOf(dataType: DataType, name: string, { status, values }: Held): unknown {
  const { isStatus, always } = getField(dataType, name)
  if (isStatus === true) return status
  return always ?? values[name] ?? null
}
