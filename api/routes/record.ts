import { createRoute, z } from '@hono/zod-openapi'
import type { Transaction } from 'kysely'
import { insertAuditEntry } from '../../db/access/audit.ts'
import { withDistrict, type Database } from '../../db/database.ts'
import { editRecord, resolveEdited } from '../../db/records/edit-record.ts'
import { findRecord, findRecordWithOrigins, type HeldRecord } from '../../db/records/find-record.ts'
import { listCustomFields } from '../../db/records/list-records.ts'
import { findRecordHistory } from '../../db/records/record-history.ts'
import type { DataType } from '../../domain/data-types/define-data-type.ts'
import type { Api } from '../app-environment.ts'
import { listBoundSchools, requireValues } from '../access/grants.ts'
import { enterDistrict } from '../access/scope.ts'
import { formatEtag, parseIfMatch } from '../answers/version-etag.ts'
import { jsonAnswer, problemAnswer } from '../answers/json-answer.ts'
import { RecordChange, RecordDetail } from '../contract/record.ts'
import { Refusal, StaleRefusal } from '../failures.ts'
import { getKnownDataType } from '../known-data-type.ts'
import { checkChange, refuseChange } from '../records/check-change.ts'
import { toRecordDetail } from '../records/record-detail.ts'

const path = '/api/districts/{slug}/records/{dataType}/{id}'
const params = z.object({ slug: z.string(), dataType: z.string(), id: z.uuid() })
const etag = z.string().openapi({ description: 'The version of the record, for If-Match' })
const answer = { ...jsonAnswer('The record', RecordDetail), headers: z.object({ etag }) }

const show = createRoute({
  method: 'get',
  path,
  summary: 'One record and where each of its values came from; needs the right viewValues',
  request: { params },
  responses: { 200: answer, default: problemAnswer },
})

const edit = createRoute({
  method: 'patch',
  path,
  summary: "A person's edit: changes fields, or gives them back to the source; needs configure and viewValues",
  description:
    'What a person writes is no longer changed by imports, until it is given back. Nothing is changed unless all of it can ' +
    'be: RECORD_INVALID says what is wrong with each field. If-Match takes the ETag that was read; when somebody changed the ' +
    'record since, the answer is CHANGED_SINCE with the fields and who it was.',
  request: {
    params,
    headers: z.object({ 'if-match': z.string().max(100).optional() }),
    body: { content: { 'application/json': { schema: RecordChange } }, required: true },
  },
  responses: { 200: answer, default: problemAnswer },
})

export function addSingleRecordRoutes(api: Api): void {
  api.openapi(show, async (context) => {
    const { slug, dataType: name, id } = context.req.valid('param')
    const { districtId } = await enterDistrict(context, slug, 'view', 'schools')
    requireValues(context.get('caller'), districtId)
    const dataType = getKnownDataType(name)
    listBoundSchools(context.get('caller'), districtId, dataType)
    const detail = await withDistrict(context.get('parts').db, districtId, (trx) => readDetail(trx, dataType, id))
    context.header('etag', formatEtag(detail.version))
    return context.json(detail, 200)
  })

  api.openapi(edit, async (context) => {
    const { slug, dataType: name, id } = context.req.valid('param')
    const { districtId } = await enterDistrict(context, slug, 'configure')
    requireValues(context.get('caller'), districtId)
    const dataType = getKnownDataType(name)
    const expected = parseIfMatch(context.req.valid('header')['if-match'])
    const by = context.get('caller').name
    const detail = await withDistrict(context.get('parts').db, districtId, async (trx) => {
      const record = await findRecord(trx, dataType, id, { isLocked: true })
      if (record === undefined) throw noRecord()
      if (expected !== 'any' && expected !== record.revision) throw await tellChanges(trx, dataType, record, expected)
      const held = Object.keys(record.customFields ?? {})
      const change = checkChange(dataType, context.req.valid('json'), {
        customFields: [...held, ...(await listCustomFields(trx, dataType.name))],
        keptFields: record.keptFields,
        today: new Date().toISOString().slice(0, 10),
      })
      const { fields, lost } = await resolveEdited(trx, dataType, change.fields)
      if (lost.length > 0) {
        throw refuseChange(
          lost.map((field) => ({ path: `fields.${field}`, message: 'nothing is held under this key' })),
        )
      }
      await editRecord(trx, dataType, record, { ...change, fields, by })
      const edited = await readDetail(trx, dataType, id)
      const written = [...Object.keys(fields), ...Object.keys(change.customFields)]
      const subject = {
        dataType: dataType.name,
        recordId: id,
        version: edited.version,
        fields: written,
        gaveBack: change.giveBack,
      }
      await insertAuditEntry(trx, { districtId, actor: by, action: 'editRecord', subject })
      return edited
    })
    context.header('etag', formatEtag(detail.version))
    return context.json(detail, 200)
  })
}

async function readDetail(trx: Transaction<Database>, dataType: DataType, id: string): Promise<RecordDetail> {
  const record = await findRecordWithOrigins(trx, dataType, id)
  if (record === undefined) throw noRecord()
  return toRecordDetail(record, dataType)
}

function noRecord(): Refusal {
  return new Refusal('NOT_FOUND', 'There is no record of this id in the district.')
}

/** CHANGED_SINCE with what was changed after the version that the caller had read, as far as the history still knows. */
async function tellChanges(
  trx: Transaction<Database>,
  dataType: DataType,
  record: HeldRecord,
  expected: number,
): Promise<Refusal> {
  const history = (await findRecordHistory(trx, dataType, record.id)) ?? []
  const changes = history
    .filter(({ revision }) => revision > expected)
    .map(({ fields, at, runId, by }) => ({ fields: [...fields], at: at.toISOString(), runId, by }))
  const detail = 'The record was changed since it was read; `changes` says by whom. Read it again, and decide anew.'
  return new StaleRefusal(detail, { etag: formatEtag(record.revision), changes })
}
