import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { withDistrict } from '../../db/database.ts'
import { listRecords } from '../../db/records/list-records.ts'
import type { Api, AppEnvironment } from '../app-environment.ts'
import { problemAnswer } from '../answers/json-answer.ts'
import { listBoundSchools, requireValues } from '../access/grants.ts'
import { Flag } from '../contract/flag.ts'
import { PageQuery, pageOf } from '../contract/paging.ts'
import { exportForms, RecordSearch, RosterRecord } from '../contract/record.ts'
import { getKnownDataType } from '../known-data-type.ts'
import { encodePosition, readRecordQuery } from '../records/read-query.ts'
import { toRecordDocument } from '../records/record-values.ts'
import { exportFormOf, streamRecords } from '../records/stream-records.ts'
import { enterDistrict } from '../access/scope.ts'

const address = '/api/districts/{slug}/records/{dataType}'
const params = z.object({ slug: z.string(), dataType: z.string() })
const recordsAnswer = {
  description: 'Records: a page of them as JSON, or all of them as CSV or as JSON lines',
  content: {
    'application/json': { schema: pageOf(RosterRecord) },
    'text/csv': { schema: z.string() },
    'application/x-ndjson': { schema: z.string() },
  },
}

const list = createRoute({
  method: 'get',
  path: address,
  summary: 'Records in order of their first id, as JSON pages or as one CSV; needs the right viewValues',
  request: { params, query: PageQuery.extend({ all: Flag, format: z.enum(exportForms).optional() }) },
  responses: { 200: recordsAnswer, default: problemAnswer },
})

const search = createRoute({
  method: 'post',
  path: `${address}/search`,
  summary: 'Records that are looked for by name, id or e-mail, filtered and sorted; needs the right viewValues',
  description:
    'What is looked for stands in the body, because addresses are written down on the way. Changes nothing. With ' +
    '`format` or the Accept header `text/csv` or `application/x-ndjson` all that is found comes as one stream.',
  request: { params, body: { content: { 'application/json': { schema: RecordSearch } }, required: true } },
  responses: { 200: recordsAnswer, default: problemAnswer },
})

export function addRecordRoute(api: Api): void {
  api.openapi(list, (context) => {
    const { all, format, ...page } = context.req.valid('query')
    const wanted = RecordSearch.parse({ ...page, status: all ? 'all' : 'active' })
    return answer(context, context.req.valid('param'), { ...wanted, format })
  })
  api.openapi(search, (context) => answer(context, context.req.valid('param'), context.req.valid('json')))
}

async function answer(
  context: Context<AppEnvironment>,
  { slug, dataType: name }: z.output<typeof params>,
  wanted: Omit<z.output<typeof RecordSearch>, 'format'> & {
    readonly format?: (typeof exportForms)[number] | undefined
  },
) {
  const { districtId } = await enterDistrict(context, slug, 'view', 'schools')
  requireValues(context.get('caller'), districtId)
  const dataType = getKnownDataType(name)
  listBoundSchools(context.get('caller'), districtId, dataType)
  const { db } = context.get('parts')
  const query = readRecordQuery(dataType, wanted)
  const form = exportFormOf(context.req.header('accept'), wanted.format)
  if (form !== undefined)
    return streamRecords({ db, districtId, dataType, by: context.get('caller').name }, query, form)

  const page = { ...query, limit: query.limit + 1 }
  const records = await withDistrict(db, districtId, (trx) => listRecords(trx, dataType, page))
  const items = records.slice(0, query.limit)
  const last = items.at(-1)
  const hasMore = records.length > query.limit && last !== undefined
  const nextCursor = hasMore ? encodePosition(query.order, last.position) : null
  return context.json({ items: items.map((record) => toRecordDocument(record, dataType)), nextCursor }, 200)
}
