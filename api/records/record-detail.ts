import type { DataType } from '../../domain/data-types/define-data-type.ts'
import type { RecordWithOrigins } from '../../db/records/find-record.ts'
import type { RecordDetail } from '../contract/record.ts'
import { toRecordDocument } from './record-values.ts'

export function toRecordDetail(record: RecordWithOrigins, dataType: DataType): RecordDetail {
  const { revision, createdAt, updatedAt, keptFields, aliases } = record
  const isShown = (field: string) => dataType.fields[field]?.isInternal !== true
  const origins = [...record.origins].filter(([field]) => isShown(field))
  return {
    ...toRecordDocument(record, dataType),
    version: revision,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    keptFields: [...keptFields],
    origins: Object.fromEntries(
      origins.map(([field, origin]) => [field, { ...origin, at: origin.at?.toISOString() ?? null }]),
    ),
    aliases: aliases.map(({ field, value }) => ({ field, value })),
  }
}
