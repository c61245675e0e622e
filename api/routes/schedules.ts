import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { Transaction } from 'kysely'
import { withDistrict, type Database } from '../../db/database.ts'
import { insertAuditEntry } from '../../db/access/audit.ts'
import {
  findConfiguration,
  findEnabledConfiguration,
  listConfigurations,
  updateConfigurationSettings,
  type ConfigurationRow,
} from '../../db/connect/configurations.ts'
import { findConnection } from '../../db/connect/connections.ts'
import { lockDistrict } from '../../db/access/lock-district.ts'
import { findDistrict } from '../../db/access/districts.ts'
import { findOrgs } from '../../db/records/orgs.ts'
import { listFirings } from '../../db/schedule/schedule-firings.ts'
import { listAwaited, listScheduledImports } from '../../db/connect/scheduled-imports.ts'
import {
  deleteSchedule,
  findSchedule,
  listSchedules,
  pauseSchedule,
  upsertSchedule,
  type ScheduleKey,
  type ScheduleRow,
} from '../../db/schedule/schedules.ts'
import { allDataTypes, findDataType } from '../../domain/data-types/registry.ts'
import type { ImportSettings } from '../../domain/plan/import-settings.ts'
import { ScheduleSettings } from '../../domain/schedule/schedule-settings.ts'
import { shareImports } from '../../domain/schedule/share-imports.ts'
import type { Api, AppEnvironment } from '../app-environment.ts'
import { deriveETag, ETag, IfMatch, requireMatch } from '../answers/etag.ts'
import { jsonAnswer, problemAnswer } from '../answers/json-answer.ts'
import type { Right } from '../contract/rights.ts'
import { PageQuery, pageOf } from '../contract/paging.ts'
import { Firing, PutSchedule, Schedule } from '../contract/schedule.ts'
import { encodeCursor, parseIdCursor } from '../answers/cursor.ts'
import { Refusal } from '../failures.ts'
import { tryPushSchedule } from '../schedule/keep-schedules.ts'
import { getKnownDataType } from '../known-data-type.ts'
import { pickEditable, toFiringDocument, toScheduleDocument } from '../schedule/schedule-document.ts'
import { enterConnection, enterDistrict, listScopes, type Scope } from '../access/scope.ts'
import { getFetchesInput } from '../connect/fetches-input.ts'

const path = '/api/connections/{id}/schedules/{dataType}'
const params = z.object({ id: z.uuid(), dataType: z.string() })
const answers = { 200: { ...jsonAnswer('The schedule', Schedule), headers: ETag }, default: problemAnswer }

const put = createRoute({
  method: 'put',
  path,
  summary: 'Import a data type of a connection, or `all` of them, by itself, from now on in this way',
  request: {
    params,
    headers: IfMatch,
    body: { required: true, content: { 'application/json': { schema: PutSchedule } } },
  },
  responses: answers,
})
const show = createRoute({ method: 'get', path, summary: 'One schedule', request: { params }, responses: answers })
const remove = createRoute({
  method: 'delete',
  path,
  summary: 'Import by hand only; the configuration stays',
  request: { params, headers: IfMatch },
  responses: { 204: { description: 'There is no schedule any more' }, default: problemAnswer },
})
const pause = createRoute({
  method: 'post',
  path: `${path}/pause`,
  summary: 'Start no run until it is resumed',
  request: { params },
  responses: answers,
})
const resume = createRoute({
  method: 'post',
  path: `${path}/resume`,
  summary: 'Start runs again; what was left out is not made up for',
  request: { params },
  responses: answers,
})
const firings = createRoute({
  method: 'get',
  path: `${path}/firings`,
  summary: 'What came of each time the schedule was due, the newest first',
  request: { params, query: PageQuery },
  responses: { 200: jsonAnswer('A page of firings', pageOf(Firing)), default: problemAnswer },
})
const list = createRoute({
  method: 'get',
  path: '/api/schedules',
  summary: 'All schedules of the districts that the token may enter',
  request: { query: z.object({ district: z.string().optional() }) },
  responses: { 200: jsonAnswer('The schedules', z.object({ items: z.array(Schedule) })), default: problemAnswer },
})

export function addScheduleRoutes(api: Api): void {
  api.openapi(put, async (context) => {
    const { scope, key } = await enterSchedule(context, context.req.valid('param'), 'configure')
    const { schools, blackouts, additionsOnly, ...rest } = context.req.valid('json')
    const changes = {
      ...(schools !== undefined && { schools }),
      ...(blackouts !== undefined && { blackouts }),
      ...(additionsOnly !== undefined && { additionsOnly }),
    }
    const { db } = context.get('parts')
    if (findDataType(key.dataType)?.isByHand === true) throw byHand(key.dataType)
    await withDistrict(db, scope.districtId, async (trx) => {
      await requireUnchanged(trx, scope, key, context.req.valid('header')['if-match'])
      await changeImports(trx, scope, key, changes, context.get('caller').name)
      const connection = await findConnection(trx, key.connectionId)
      if (connection === undefined || !getFetchesInput(connection)) throw new Refusal('CONFLICT', noSource)
      const settings = ScheduleSettings.parse(rest)
      const before = (await findSchedule(trx, key))?.settings
      await upsertSchedule(trx, { ...key, districtId: scope.districtId, settings, now: new Date() })
      const change = { before, after: { ...settings, ...changes } }
      await audit(trx, context, scope, key, 'setSchedule', change)
    })
    return show200(context, await answer(context, scope, key))
  })

  api.openapi(show, async (context) => {
    const { scope, key } = await enterSchedule(context, context.req.valid('param'), 'view')
    return show200(context, await read(context, scope, key))
  })

  api.openapi(remove, async (context) => {
    const { scope, key } = await enterSchedule(context, context.req.valid('param'), 'configure')
    await withDistrict(context.get('parts').db, scope.districtId, async (trx) => {
      await requireUnchanged(trx, scope, key, context.req.valid('header')['if-match'])
      if (!(await deleteSchedule(trx, key))) throw notThere()
      await audit(trx, context, scope, key, 'removeSchedule')
    })
    await tryPushSchedule(context.get('parts'), scope.districtId, key)
    return context.body(null, 204)
  })

  for (const [route, isPaused] of [
    [pause, true],
    [resume, false],
  ] as const) {
    api.openapi(route, async (context) => {
      const { scope, key } = await enterSchedule(context, context.req.valid('param'), 'configure')
      await withDistrict(context.get('parts').db, scope.districtId, async (trx) => {
        // Of one that another took the place of, too: resumed it would promise starts again.
        if (!isPaused) await getScheduled(trx, scope, key)
        const by = context.get('caller').name
        const changed = await pauseSchedule(trx, key, isPaused ? { isPaused, by } : { isPaused, now: new Date() })
        if (changed === undefined) throw notThere()
        await audit(trx, context, scope, key, isPaused ? 'pauseSchedule' : 'resumeSchedule')
      })
      return show200(context, await answer(context, scope, key))
    })
  }

  api.openapi(firings, async (context) => {
    const { scope, key } = await enterSchedule(context, context.req.valid('param'), 'view')
    const { limit, cursor } = context.req.valid('query')
    const beforeId = parseIdCursor(cursor)
    const rows = await withDistrict(context.get('parts').db, scope.districtId, (trx) =>
      listFirings(trx, { ...key, beforeId, limit: limit + 1 }),
    )
    const items = rows.slice(0, limit).map(toFiringDocument)
    const last = items.at(-1)
    return context.json({ items, nextCursor: rows.length > limit && last ? encodeCursor([last.id]) : null }, 200)
  })

  api.openapi(list, async (context) => {
    const { district } = context.req.valid('query')
    const scopes =
      district === undefined ? await listScopes(context, 'view') : [await enterDistrict(context, district, 'view')]
    const items: Schedule[] = []
    for (const scope of scopes) {
      const rows = await withDistrict(context.get('parts').db, scope.districtId, listSchedules)
      for (const row of rows) items.push(await toDocument(context, scope, row))
    }
    return context.json({ items }, 200)
  })
}

const noSource =
  'The connection takes uploads and names no source to fetch from. Give it a watched folder or an SFTP server: ' +
  '`rollbook connection change <id> --settings <file.json>`.'

function notThere(): Refusal {
  return new Refusal('NOT_FOUND', 'This data type of the connection has no schedule.')
}

type ApiContext = Context<AppEnvironment>

async function enterSchedule(
  context: ApiContext,
  { id: connectionId, dataType }: { readonly id: string; readonly dataType: string },
  right: Right,
): Promise<{ readonly scope: Scope; readonly key: ScheduleKey }> {
  if (dataType !== allDataTypes) getKnownDataType(dataType)
  return { scope: await enterConnection(context, connectionId, right), key: { connectionId, dataType } }
}

/** What is imported on which days. */
async function changeImports(
  trx: Transaction<Database>,
  { districtId }: Scope,
  key: ScheduleKey,
  changes: Partial<Pick<ImportSettings, 'schools' | 'blackouts' | 'additionsOnly'>>,
  by: string,
): Promise<void> {
  const scheduled = await getScheduled(trx, { districtId }, key)
  const { schools } = changes
  if (Array.isArray(schools)) {
    const known = await findOrgs(trx, districtId, schools)
    const unknown = schools.filter((id) => !known.has(id))
    if (unknown.length > 0) throw new Refusal('CONFLICT', `The district has no org ${unknown[0] ?? ''}.`)
  }
  for (const { connectionId, dataType } of scheduled) {
    await updateConfigurationSettings(trx, { connectionId, dataType }, changes, by)
  }
}

/** What the schedule imports by. Throws a Refusal where the connection is not the one that imports the data type. */
async function getScheduled(
  trx: Transaction<Database>,
  { districtId }: Pick<Scope, 'districtId'>,
  key: ScheduleKey,
): Promise<readonly ConfigurationRow[]> {
  const scheduled = await listScheduledImports(trx, key)
  if (scheduled.length > 0) return scheduled
  if (key.dataType === allDataTypes) {
    const found = await listConfigurations(trx, key.connectionId)
    throw await tellOtherEnabled(trx, districtId, found[0]?.dataType ?? key.dataType)
  }
  const configuration = await findConfiguration(trx, key)
  if (configuration === undefined) {
    throw new Refusal('CONFLICT', 'The connection is not configured for this data type.')
  }
  throw await tellOtherEnabled(trx, districtId, key.dataType)
}

function byHand(dataType: string): Refusal {
  return new Refusal(
    'CONFLICT',
    `${dataType} is imported by hand, and by no schedule: \`rollbook import\` or \`run start\`.`,
  )
}

/** A schedule of a connection that is not enabled would promise starts of which none may come. */
async function tellOtherEnabled(trx: Transaction<Database>, districtId: string, dataType: string): Promise<Refusal> {
  const enabled = await findEnabledConfiguration(trx, { districtId, dataType })
  const other = enabled === undefined ? undefined : await findConnection(trx, enabled.connectionId)
  if (other === undefined) return new Refusal('CONFLICT', `The connection is not enabled for ${dataType}.`)
  return new Refusal(
    'CONFLICT',
    `Another connection is enabled for ${dataType}, and only one can be: ${other.id} ("${other.name}"). Give that one the source ` +
      `to fetch from, \`rollbook connection change ${other.id} --settings <file.json>\`, and then the schedule.`,
  )
}

async function audit(
  trx: Transaction<Database>,
  context: ApiContext,
  { districtId }: Scope,
  key: ScheduleKey,
  action: string,
  change: { readonly before?: unknown; readonly after?: unknown } = {},
): Promise<void> {
  await insertAuditEntry(trx, { districtId, actor: context.get('caller').name, action, subject: key, ...change })
}

/** Tells Temporal, if it answers, and gives the document. */
async function answer(context: ApiContext, scope: Scope, key: ScheduleKey): Promise<Schedule> {
  await tryPushSchedule(context.get('parts'), scope.districtId, key)
  return await read(context, scope, key)
}

async function read(context: ApiContext, scope: Scope, key: ScheduleKey): Promise<Schedule> {
  const row = await withDistrict(context.get('parts').db, scope.districtId, (trx) => findSchedule(trx, key))
  if (row === undefined) throw notThere()
  return await toDocument(context, scope, row)
}

const show200 = (context: ApiContext, document: Schedule) =>
  context.json(document, 200, { etag: deriveETag(pickEditable(document)) })

/** Refuses where somebody changed the schedule since it was read; until the transaction ends nobody else does. */
async function requireUnchanged(
  trx: Transaction<Database>,
  { districtId, district: slug }: Scope,
  key: ScheduleKey,
  ifMatch: string | undefined,
): Promise<void> {
  await lockDistrict(trx, districtId)
  const row = await findSchedule(trx, key)
  const imports = row && (await readImports(trx, row)).imports
  requireMatch(ifMatch, row && imports && pickEditable(toScheduleDocument(row, { slug, timeZone: 'UTC' }, imports, [])))
}

async function readImports(trx: Transaction<Database>, row: ScheduleRow) {
  const scheduled = await listScheduledImports(trx, row)
  // Of one data type they are shown also where another connection has it by now.
  const single = row.dataType === allDataTypes ? undefined : await findConfiguration(trx, row)
  const shown = single === undefined ? scheduled : [single]
  return { imports: shareImports(shown.map(({ settings }) => settings)), scheduled }
}

async function toDocument(context: ApiContext, { districtId }: Scope, row: ScheduleRow): Promise<Schedule> {
  const { db } = context.get('parts')
  const district = await findDistrict(db, districtId)
  const { imports, waitsFor } = await withDistrict(db, districtId, async (trx) => {
    const { imports: shared, scheduled } = await readImports(trx, row)
    return { imports: shared, waitsFor: await listAwaited(trx, row, scheduled) }
  })
  if (district === undefined) throw notThere()
  return toScheduleDocument(row, district, imports, waitsFor)
}
