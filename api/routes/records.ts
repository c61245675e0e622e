import { createRoute, z } from '@hono/zod-openapi'
import type { Kysely } from 'kysely'
import { withDistrict, type Database } from '../../db/database.ts'
import { listCustomFields, listRecords, type ListedRecord } from '../../db/records/list-records.ts'
import { getField, shownFields, type DataType } from '../../domain/data-types/define-data-type.ts'
import type { Api } from '../app-environment.ts'
import { listAnswer, problemAnswer } from '../answers/json-answer.ts'
import { listBoundSchools, requireValues } from '../access/grants.ts'
import { Flag } from '../contract/flag.ts'
import { PageQuery, pageOf } from '../contract/paging.ts'
import { RosterRecord } from '../contract/record.ts'
import { csvResponse, toCsv, wantsCsv } from '../answers/csv-stream.ts'
import { encodeCursor, parseCursor } from '../answers/cursor.ts'
import { getKnownDataType } from '../known-data-type.ts'
import { enterDistrict } from '../access/scope.ts'

const list = createRoute({
  method: 'get',
  path: '/api/districts/{slug}/records/{dataType}',
  summary: 'Records in order of sisId, as JSON pages or as one CSV; needs the right viewValues',
  request: {
    params: z.object({ slug: z.string(), dataType: z.string() }),
    query: PageQuery.extend({ all: Flag, format: z.enum(['json', 'csv']).optional() }),
  },
  responses: { 200: listAnswer('Records', pageOf(RosterRecord), z.string()), default: problemAnswer },
})

const csvPageRows = 5000

export function addRecordRoute(api: Api): void {
  api.openapi(list, async (context) => {
    const { slug, dataType: dataTypeName } = context.req.valid('param')
    const { districtId } = await enterDistrict(context, slug, 'view', 'schools')
    requireValues(context.get('caller'), districtId)
    const dataType = getKnownDataType(dataTypeName)
    listBoundSchools(context.get('caller'), districtId, dataType)
    const { db } = context.get('parts')
    const { limit, cursor, all: withInactive, format } = context.req.valid('query')

    if (wantsCsv(context.req.header('accept'), format)) {
      const custom = await withDistrict(db, districtId, (trx) => listCustomFields(trx, dataType.name))
      const header = ['recordId', 'status', ...shownFields(dataType), ...custom]
      const pages = listAllRecords(db, districtId, dataType, withInactive)
      return csvResponse(toCsv(header, toCells(pages, dataType, custom), { isRaw: true }))
    }

    const key = parseCursor(cursor)?.[0]
    const afterKey = key === undefined ? undefined : String(key)
    const records = await withDistrict(db, districtId, (trx) =>
      listRecords(trx, dataType, { afterKey, limit: limit + 1, withInactive }),
    )
    const items = records.slice(0, limit)
    const last = items.at(-1)
    const hasMore = records.length > limit && last !== undefined
    const nextCursor = hasMore ? encodeCursor([String(last.values[dataType.matchKeys[0]])]) : null
    return context.json({ items: items.map((record) => toDocument(record, dataType)), nextCursor }, 200)
  })
}

/** A page is a transaction of its own: a slow reader must not keep one open for as long as it reads. */
async function* listAllRecords(
  db: Kysely<Database>,
  districtId: string,
  dataType: DataType,
  withInactive: boolean,
): AsyncGenerator<ListedRecord[]> {
  let afterKey: string | undefined
  for (;;) {
    const page = { afterKey, limit: csvPageRows, withInactive }
    const records = await withDistrict(db, districtId, (trx) => listRecords(trx, dataType, page))
    yield records
    const last = records.at(-1)
    if (last === undefined || records.length < csvPageRows) return
    afterKey = String(last.values[dataType.matchKeys[0]])
  }
}

async function* toCells(
  pages: AsyncIterable<readonly ListedRecord[]>,
  dataType: DataType,
  custom: readonly string[],
): AsyncGenerator<unknown[][]> {
  const fields = shownFields(dataType)
  for await (const records of pages) {
    yield records.map(({ id, status, values, customFields }) => [
      id,
      status,
      ...fields.map((name) => valueOf(dataType, name, status, values)),
      ...custom.map((name) => customFields?.[name]),
    ])
  }
}

/** Of a field that is not stored, what follows from the record or from its data type. */
function valueOf(
  dataType: DataType,
  name: string,
  status: ListedRecord['status'],
  values: ListedRecord['values'],
): unknown {
  const { isStatus, always } = getField(dataType, name)
  if (isStatus === true) return status
  return always ?? values[name] ?? null
}

function toDocument({ id, status, values, customFields }: ListedRecord, dataType: DataType): RosterRecord {
  const fields = shownFields(dataType).map((name) => [name, valueOf(dataType, name, status, values)])
  // Names and values by the registry; JSON can carry each of them.
  return {
    recordId: id,
    status,
    fields: Object.fromEntries(fields) as Record<string, unknown>,
    customFields: { ...customFields },
  }
}
