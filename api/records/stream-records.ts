import type { Kysely } from 'kysely'
import { insertAuditEntry } from '../../db/access/audit.ts'
import { withDistrict, type Database } from '../../db/database.ts'
import { listCustomFields, listRecords, type ListedRecord, type RecordQuery } from '../../db/records/list-records.ts'
import { shownFields, type DataType } from '../../domain/data-types/define-data-type.ts'
import { csvResponse, streamResponse, toCsv } from '../answers/csv-stream.ts'
import { toCells, toRecordDocument } from './record-values.ts'

export type ExportForm = 'csv' | 'jsonl'
type Source = {
  readonly db: Kysely<Database>
  readonly districtId: string
  readonly dataType: DataType
  readonly by: string
}

const pageRows = 5000

/** Every record that the query means, from its place on, as one stream in flat memory. Who took it is written down. */
export async function streamRecords(source: Source, query: RecordQuery, form: ExportForm): Promise<Response> {
  const { db, districtId, dataType, by } = source
  const fields = query.filters.map(({ field }) => field)
  const subject = { dataType: dataType.name, form, filters: fields, isSearch: query.search !== undefined }
  await withDistrict(db, districtId, (trx) =>
    insertAuditEntry(trx, { districtId, actor: by, action: 'exportRecords', subject }),
  )
  const pages = listAll(source, query)
  if (form === 'jsonl') {
    return streamResponse(toLines(pages, dataType), { 'content-type': 'application/x-ndjson; charset=utf-8' })
  }
  const custom = await withDistrict(db, districtId, (trx) => listCustomFields(trx, dataType.name))
  const header = ['recordId', 'status', ...shownFields(dataType), ...custom]
  return csvResponse(toCsv(header, toRows(pages, dataType, custom), { isRaw: true }))
}

/** The form that an answer is asked for in: by `format`, which a browser can set, else by the Accept header. */
export function exportFormOf(accept = '', format: ExportForm | 'json' | undefined): ExportForm | undefined {
  if (format !== undefined) return format === 'json' ? undefined : format
  if (accept.includes('text/csv')) return 'csv'
  return /application\/(x-ndjson|jsonl)/.test(accept) ? 'jsonl' : undefined
}

/** A page is a transaction of its own: a slow reader must not keep one open for as long as it reads. */
async function* listAll({ db, districtId, dataType }: Source, query: RecordQuery): AsyncGenerator<ListedRecord[]> {
  let { after } = query
  for (;;) {
    const page = { ...query, after, limit: pageRows }
    const records = await withDistrict(db, districtId, (trx) => listRecords(trx, dataType, page))
    yield records
    const last = records.at(-1)
    if (last === undefined || records.length < pageRows) return
    after = last.position
  }
}

async function* toRows(pages: AsyncIterable<readonly ListedRecord[]>, dataType: DataType, custom: readonly string[]) {
  for await (const records of pages) yield records.map((record) => toCells(record, dataType, custom))
}

async function* toLines(pages: AsyncIterable<readonly ListedRecord[]>, dataType: DataType) {
  for await (const records of pages) {
    yield records.map((record) => `${JSON.stringify(toRecordDocument(record, dataType))}\n`).join('')
  }
}
