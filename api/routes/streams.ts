import { createHash } from 'node:crypto'
import { createRoute, z } from '@hono/zod-openapi'
import { withDistrict } from '../../db/database.ts'
import { findRun, type RunRow } from '../../db/import/runs.ts'
import { countWaiting, watchRuns } from '../../db/import/watch-runs.ts'
import { isOver } from '../../domain/import-run.ts'
import { enterDistrict, enterRun } from '../access/scope.ts'
import { problemAnswer } from '../answers/json-answer.ts'
import type { Api } from '../app-environment.ts'
import { AlertsEvent, RunEvent } from '../contract/stream.ts'
import { Refusal } from '../failures.ts'
import { toRunDocument } from '../import/run-document.ts'
import { streamEvents, type StreamEvent } from '../answers/event-stream.ts'

const headers = z.object({
  'last-event-id': z
    .string()
    .max(100)
    .optional()
    .openapi({ description: 'The `id` of the last event that was heard: what came after it is told' }),
})
const events = (description: string) => ({
  description,
  content: { 'text/event-stream': { schema: z.string() } },
})

const ofRun = createRoute({
  method: 'get',
  path: '/api/runs/{id}/stream',
  summary: 'A run as it moves: server-sent events `run` (RunEvent), at most two a second, and `end` when it is over',
  request: { params: z.object({ id: z.uuid() }), headers },
  responses: {
    200: events('Events until the run is over'),
    204: { description: 'The run is over, and the last event was heard' },
    default: problemAnswer,
  },
})

const ofDistrict = createRoute({
  method: 'get',
  path: '/api/districts/{slug}/stream',
  summary: 'What moves in a district: server-sent events `run` (RunEvent) and `alerts` (AlertsEvent), without end',
  request: { params: z.object({ slug: z.string() }), headers },
  responses: { 200: events('Events until the listener leaves'), default: problemAnswer },
})

/** A look may miss what was being written at that moment; the next one begins a little before. */
const overlapMs = 10_000

export function addStreamRoutes(api: Api): void {
  api.openAPIRegistry.register('RunEvent', RunEvent)
  api.openAPIRegistry.register('AlertsEvent', AlertsEvent)

  api.openapi(ofRun, async (context) => {
    const { id } = context.req.valid('param')
    const { districtId, district } = await enterRun(context, id, 'view')
    const { db, stopping } = context.get('parts')
    const read = async (): Promise<RunRow> => {
      const row = await withDistrict(db, districtId, (trx) => findRun(trx, id))
      if (row === undefined) throw new Refusal('NOT_FOUND', 'There is no run of this id.')
      return row
    }
    let heard = context.req.valid('header')['last-event-id']
    const first = await read()
    // With 204 an EventSource comes back no more.
    if (isOver(first.state) && heard === tellRun(first, district).id) return context.body(null, 204)
    return streamEvents(async () => {
      const row = await read()
      const event = tellRun(row, district)
      const isNews = event.id !== heard
      heard = event.id
      return { events: isNews ? [event] : [], isLast: isOver(row.state) }
    }, stopping)
  })

  api.openapi(ofDistrict, async (context) => {
    const { districtId, district } = await enterDistrict(context, context.req.valid('param').slug, 'view')
    const { db, stopping } = context.get('parts')
    let since = parseMoment(context.req.valid('header')['last-event-id'])
    const heard = new Map<string, string>()
    let heardAlerts = ''
    return streamEvents(async () => {
      const { at, runs, waiting } = await withDistrict(db, districtId, async (trx) => ({
        ...(await watchRuns(trx, since)),
        waiting: await countWaiting(trx),
      }))
      since = new Date(at.getTime() - overlapMs)
      const moment = String(since.getTime())
      // What is neither under way nor of the last moments will not come again.
      const told = runs.reverse().map((row) => tellRun(row, district))
      const news: StreamEvent[] = told
        .filter(({ key, id }) => heard.get(key) !== id)
        .map(({ event, data }) => ({ event, id: moment, data }))
      heard.clear()
      for (const { key, id } of told) heard.set(key, id)
      const alerts = JSON.stringify(waiting)
      if (alerts !== heardAlerts) news.push({ event: 'alerts', id: moment, data: waiting satisfies AlertsEvent })
      heardAlerts = alerts
      return { events: news }
    }, stopping)
  })
}

/** The event of a run; its id is that of what it says, so that the same is told once. */
function tellRun(row: RunRow, district: string): StreamEvent & { readonly key: string } {
  const { runId, connection, dataType, test, state, statusText, counts, progress, startedAt, finishedAt } =
    toRunDocument(row, district)
  const data: RunEvent = {
    ...{ runId, district, connection, dataType, test, state, statusText, counts, progress, startedAt, finishedAt },
  }
  const id = createHash('sha256').update(JSON.stringify(data)).digest('base64url').slice(0, 22)
  return { event: 'run', id, data, key: runId }
}

function parseMoment(text: string | undefined): Date | undefined {
  const ms = /^\d{12,14}$/.test(text ?? '') ? Number(text) : NaN
  return Number.isNaN(ms) ? undefined : new Date(ms)
}
