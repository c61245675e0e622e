import { randomBytes, randomUUID } from 'node:crypto'
import type { ImportSet } from '../../../api/contract/import-set.ts'
import type { RunDocument } from '../../../api/contract/run.ts'
import type { CreatedToken } from '../../../api/contract/token.ts'
import type { Upload } from '../../../api/contract/upload.ts'
import type { WebhookWithSecret } from '../../../api/contract/notification.ts'
import { oneRosterCsv } from '../../../connectors/oneroster-csv/connector.ts'
import { withDistrict } from '../../../db/database.ts'
import { readAnswer, type ApiRig, type TestDistrict } from '../api-rig.ts'
import { plantConnection } from '../import/plant-run.ts'
import { plantStudents } from '../plant-records.ts'

/** A district with one of each thing that an address of the API names. */
export type World = {
  readonly district: TestDistrict
  readonly schoolId: string
  readonly recordId: string
  readonly connectionId: string
  readonly runId: string
  readonly setId: string
  readonly caseId: string
  readonly tokenId: string
  readonly uploadId: string
  readonly webhookId: string
}

/** Plants it as somebody who may do everything. */
export async function plantWorld(rig: ApiRig, everything: string): Promise<World> {
  const district = await rig.makeDistrict()
  const recordId = randomUUID()
  const schoolId = await plantStudents(rig, district, [{ id: recordId, sisId: '1' }])
  const { id: connectionId } = await plantConnection(rig, everything, district)
  const path = `/api/districts/${district.slug}`
  const { runId } = await readAnswer<RunDocument>(
    await rig.send(everything, 'POST', `${path}/imports?dataType=students`, { body: randomBytes(8) }),
    202,
  )
  await withDistrict(rig.db, district.id, (trx) =>
    trx.updateTable('importRuns').set({ state: 'held' }).where('id', '=', runId).execute(),
  )
  const set = await readAnswer<ImportSet>(
    await rig.send(everything, 'POST', `${path}/imports?dataType=all`, { body: randomBytes(8) }),
    202,
  )
  const uploadId = await plantUpload(rig, everything, district)
  const wanted = { name: 'x', rights: ['view'], district: district.slug }
  const token = await readAnswer<CreatedToken>(await rig.sendJson(everything, 'POST', '/api/tokens', wanted), 201)
  const webhook = await readAnswer<WebhookWithSecret>(
    await rig.sendJson(everything, 'POST', `${path}/webhooks`, { url: 'https://example.org/hook' }),
    201,
  )
  const candidates = JSON.stringify([{ recordId, score: 0.9, evidence: [], twin: false, explanation: '' }])
  const { id: caseId } = await withDistrict(rig.db, district.id, (trx) =>
    trx
      .insertInto('duplicateCases')
      .values({
        ...{ districtId: district.id, dataType: 'students', connectionId, runId, seq: 1, candidates },
        ...{ incomingKey: 'new', strength: 'likely', reason: 'resembles' },
      })
      .returning('id')
      .executeTakeFirstOrThrow(),
  )
  const ids = { schoolId, recordId, connectionId, caseId }
  return { ...ids, district, runId, uploadId, setId: set.setId, tokenId: token.id, webhookId: webhook.id }
}

/** One that nobody has thrown away yet. */
export async function plantUpload(rig: ApiRig, everything: string, { slug }: TestDistrict): Promise<string> {
  const wanted = { bytes: 8, fileName: 'x.zip' }
  const { uploadId } = await readAnswer<Upload>(
    await rig.sendJson(everything, 'POST', `/api/districts/${slug}/uploads`, wanted),
    201,
  )
  return uploadId
}

export type ExampleRequest = {
  readonly path: string
  readonly body?: unknown
  readonly bytes?: string
  readonly headers?: Readonly<Record<string, string>>
}

const inDistrict = (more: string, body?: unknown) => (world: World) => ({
  path: `/api/districts/${world.district.slug}${more}`,
  ...(body !== undefined && { body }),
})
const ofRun = (more: string, body?: unknown) => (world: World) => ({
  path: `/api/runs/${world.runId}${more}`,
  ...(body !== undefined && { body }),
})
const ofConnection = (more: string, body?: unknown) => (world: World) => ({
  path: `/api/connections/${world.connectionId}${more}`,
  ...(body !== undefined && { body }),
})
const ofWebhook = (more: string, body?: unknown) => (world: World) =>
  inDistrict(`/webhooks/${world.webhookId}${more}`, body)(world)
const plain = (path: string) => () => ({ path })
const withIfMatch = (make: (world: World) => ExampleRequest) => (world: World) => ({
  ...make(world),
  headers: { 'if-match': '*' },
})
const studentsMapping = oneRosterCsv.defaultMapping('students')

/** A well-formed request for every operation, about the things of a world; an operation without one fails the matrix. */
export const exampleRequests: Readonly<Record<string, (world: World) => ExampleRequest>> = {
  'GET /api/health': plain('/api/health'),
  'GET /api/health/live': plain('/api/health/live'),
  'GET /api/health/ready': plain('/api/health/ready'),
  'GET /api/districts': plain('/api/districts'),
  'POST /api/districts': () => ({
    path: '/api/districts',
    body: { slug: `made-${randomBytes(4).toString('hex')}`, name: 'Made' },
  }),
  'GET /api/tokens': plain('/api/tokens'),
  'POST /api/tokens': ({ district }) => ({
    path: '/api/tokens',
    body: { name: 'made', rights: ['manageAccess'], district: district.slug },
  }),
  'DELETE /api/tokens/{id}': ({ tokenId }) => ({ path: `/api/tokens/${tokenId}` }),
  'GET /api/audit': plain('/api/audit'),
  'GET /api/audit/verify': plain('/api/audit/verify'),
  'GET /api/districts/{slug}/audit': inDistrict('/audit'),
  'GET /api/districts/{slug}/audit/verify': inDistrict('/audit/verify'),
  'GET /api/connections': plain('/api/connections'),
  'POST /api/districts/{slug}/connections': inDistrict('/connections', { connector: 'oneroster-csv', settings: {} }),
  'PATCH /api/connections/{id}': ofConnection('', { name: 'renamed' }),
  'POST /api/connections/{id}/test': ofConnection('/test', {}),
  'GET /api/connections/{id}/health': ofConnection('/health'),
  'GET /api/connections/{id}/configurations/{dataType}': ofConnection('/configurations/students'),
  'PUT /api/connections/{id}/configurations/{dataType}': ofConnection('/configurations/students', {
    mapping: studentsMapping,
  }),
  'GET /api/connections/{id}/configurations/{dataType}/draft': ofConnection('/configurations/students/draft'),
  'PUT /api/connections/{id}/configurations/{dataType}/draft': withIfMatch(
    ofConnection('/configurations/students/draft', { mapping: studentsMapping }),
  ),
  'DELETE /api/connections/{id}/configurations/{dataType}/draft': withIfMatch(
    ofConnection('/configurations/students/draft'),
  ),
  'GET /api/connections/{id}/configurations/{dataType}/draft/lint': ofConnection('/configurations/students/draft/lint'),
  'GET /api/connections/{id}/configurations/{dataType}/versions': ofConnection('/configurations/students/versions'),
  'GET /api/connections/{id}/configurations/{dataType}/versions/{version}': ofConnection(
    '/configurations/students/versions/1',
  ),
  'POST /api/connections/{id}/configurations/{dataType}/versions/{version}/bring-back': withIfMatch(
    ofConnection('/configurations/students/versions/1/bring-back'),
  ),
  'GET /api/connections/{id}/configurations/{dataType}/compare': ofConnection(
    '/configurations/students/compare?from=1&to=draft',
  ),
  'POST /api/connections/{id}/configurations/{dataType}/start': ofConnection('/configurations/students/start'),
  'POST /api/connections/{id}/configurations/{dataType}/disable': ofConnection('/configurations/students/disable'),
  'POST /api/connections/{id}/configurations/{dataType}/reset': (world) =>
    ofConnection('/configurations/students/reset', { district: world.district.slug })(world),
  'GET /api/connections/{id}/schools': ofConnection('/schools'),
  'PATCH /api/connections/{id}/schools': ofConnection('/schools', { newSchools: 'create' }),
  'GET /api/schedules': plain('/api/schedules'),
  'GET /api/connections/{id}/schedules/{dataType}': ofConnection('/schedules/students'),
  'PUT /api/connections/{id}/schedules/{dataType}': ofConnection('/schedules/students', { everyHours: 4 }),
  'DELETE /api/connections/{id}/schedules/{dataType}': ofConnection('/schedules/students'),
  'POST /api/connections/{id}/schedules/{dataType}/pause': ofConnection('/schedules/students/pause', {}),
  'POST /api/connections/{id}/schedules/{dataType}/resume': ofConnection('/schedules/students/resume', {}),
  'GET /api/connections/{id}/schedules/{dataType}/firings': ofConnection('/schedules/students/firings'),
  'GET /api/ids': plain('/api/ids?kind=run&prefix=0193'),
  'POST /api/districts/{slug}/uploads': inDistrict('/uploads', { bytes: 8, fileName: 'x.zip' }),
  'GET /api/uploads/{uploadId}': ({ uploadId }) => ({ path: `/api/uploads/${uploadId}` }),
  'PATCH /api/uploads/{uploadId}': ({ uploadId }) => ({
    path: `/api/uploads/${uploadId}`,
    bytes: 'x',
    headers: { 'content-type': 'application/partial-upload', 'upload-offset': '0' },
  }),
  'DELETE /api/uploads/{uploadId}': ({ uploadId }) => ({ path: `/api/uploads/${uploadId}` }),
  'POST /api/districts/{slug}/imports': (world) => ({
    ...inDistrict('/imports?dataType=students')(world),
    bytes: randomUUID(),
  }),
  'GET /api/import-sets/{id}': ({ setId }) => ({ path: `/api/import-sets/${setId}` }),
  'GET /api/runs': plain('/api/runs'),
  'POST /api/runs': ({ connectionId }) => ({
    path: '/api/runs',
    body: { connection: connectionId, dataType: 'students' },
  }),
  'GET /api/runs/{id}': ofRun(''),
  'POST /api/runs/{id}/rerun': ofRun('/rerun', {}),
  'POST /api/runs/{id}/cancel': ofRun('/cancel', {}),
  'GET /api/runs/{id}/findings': ofRun('/findings'),
  'GET /api/runs/{id}/plan': ofRun('/plan'),
  'GET /api/runs/{id}/plan/summary': ofRun('/plan/summary'),
  'GET /api/runs/{id}/stream': ofRun('/stream'),
  'GET /api/districts/{slug}/stream': inDistrict('/stream'),
  'GET /api/runs/{id}/export': ofRun('/export'),
  'POST /api/runs/{id}/hold': ofRun('/hold', { decision: 'approve' }),
  'POST /api/runs/{id}/undo': ofRun('/undo', {}),
  'GET /api/runs/{id}/undo': ofRun('/undo'),
  'GET /api/runs/{id}/undo/preview': ofRun('/undo/preview'),
  'GET /api/districts/{district}/cases': inDistrict('/cases'),
  'POST /api/districts/{district}/cases/decisions': (world) =>
    inDistrict('/cases/decisions', { decisions: [{ caseId: world.caseId, action: 'create' }] })(world),
  'POST /api/cases/{id}/decision': ({ caseId }) => ({
    path: `/api/cases/${caseId}/decision`,
    body: { action: 'create' },
  }),
  'POST /api/districts/{district}/cases/process': inDistrict('/cases/process', { dataType: 'students' }),
  'POST /api/cases/{id}/unmerge': ({ caseId }) => ({ path: `/api/cases/${caseId}/unmerge` }),
  'GET /api/districts/{slug}/records/{dataType}': inDistrict('/records/students'),
  'POST /api/districts/{slug}/records/{dataType}/search': inDistrict('/records/students/search', { search: 'x' }),
  'GET /api/districts/{slug}/records/{dataType}/{id}': (world) =>
    inDistrict(`/records/students/${world.recordId}`)(world),
  'PATCH /api/districts/{slug}/records/{dataType}/{id}': withIfMatch((world) =>
    inDistrict(`/records/students/${world.recordId}`, { fields: { phone: '555 0100' } })(world),
  ),
  'GET /api/districts/{slug}/records/{dataType}/{id}/history': (world) =>
    inDistrict(`/records/students/${world.recordId}/history`)(world),
  'GET /api/districts/{slug}/notifications': inDistrict('/notifications'),
  'GET /api/districts/{slug}/notifications/{dataType}': inDistrict('/notifications/students'),
  'PUT /api/districts/{slug}/notifications/{dataType}': inDistrict('/notifications/students', {
    recipients: [],
    reminderDays: [3],
  }),
  'GET /api/districts/{slug}/webhooks': inDistrict('/webhooks'),
  'POST /api/districts/{slug}/webhooks': inDistrict('/webhooks', { url: 'https://example.org/other' }),
  'PATCH /api/districts/{slug}/webhooks/{id}': ofWebhook('', { isEnabled: false }),
  'DELETE /api/districts/{slug}/webhooks/{id}': ofWebhook(''),
  'POST /api/districts/{slug}/webhooks/{id}/rotate': ofWebhook('/rotate', {}),
  'GET /api/districts/{slug}/events': inDistrict('/events'),
  'GET /api/districts/{slug}/deliveries': inDistrict('/deliveries'),
  'GET /api/districts/{slug}/deliveries/{id}': (world) => inDistrict(`/deliveries/${world.recordId}`)(world),
  'POST /api/districts/{slug}/deliveries/{id}/redeliver': (world) =>
    inDistrict(`/deliveries/${world.recordId}/redeliver`)(world),
}
