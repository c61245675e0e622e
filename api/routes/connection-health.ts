import { createRoute, z } from '@hono/zod-openapi'
import type { Transaction } from 'kysely'
import { withDistrict, type Database } from '../../db/database.ts'
import { listOpenAlarms, type AlarmRow } from '../../db/schedule/alarms.ts'
import { findConnection } from '../../db/connect/connections.ts'
import { listRefusedInputs } from '../../db/connect/list-refused-inputs.ts'
import { findDistrict } from '../../db/access/districts.ts'
import { readFeed } from '../../db/connect/read-feed.ts'
import { listFirings } from '../../db/schedule/schedule-firings.ts'
import { listSchedules, type ScheduleRow } from '../../db/schedule/schedules.ts'
import { alarmKinds } from '../../domain/schedule/alarm.ts'
import { judgeFeed } from '../../domain/schedule/judge-feed.ts'
import type { Api } from '../app-environment.ts'
import { jsonAnswer, problemAnswer } from '../answers/json-answer.ts'
import { ConnectionHealth, type Alarm, type Feed } from '../contract/connection-health.ts'
import { Refusal } from '../failures.ts'
import { describeNextDue, toFiringDocument } from '../schedule/schedule-document.ts'
import { enterConnection } from '../access/scope.ts'
import { findFetchesInput } from '../connect/fetches-input.ts'

const health = createRoute({
  method: 'get',
  path: '/api/connections/{id}/health',
  summary: 'Whether a connection works, its feeds are in time and its runs get on',
  request: { params: z.object({ id: z.uuid() }) },
  responses: { 200: jsonAnswer('The health of the connection', ConnectionHealth), default: problemAnswer },
})

const recentFirings = 10

export function addConnectionHealthRoute(api: Api): void {
  api.openapi(health, async (context) => {
    const { id: connectionId } = context.req.valid('param')
    const { districtId, district } = await enterConnection(context, connectionId, 'view')
    const { db } = context.get('parts')
    const timeZone = (await findDistrict(db, districtId))?.timeZone ?? 'UTC'
    const document = await withDistrict(db, districtId, async (trx) => {
      const connection = await findConnection(trx, connectionId)
      if (connection === undefined) throw new Refusal('NOT_FOUND', 'There is no connection of this id.')
      const isFetched = findFetchesInput(connection) === true
      const schedules = (await listSchedules(trx)).filter((schedule) => schedule.connectionId === connectionId)
      const feeds: Feed[] = []
      for (const schedule of schedules) feeds.push(await describeFeed(trx, schedule, timeZone, isFetched))
      const alarms = (await listOpenAlarms(trx, { connectionId })).map(toAlarm)
      const refusedInputs = [...(await listRefusedInputs(trx, { districtId, connectionId }))]
      const { status, statusReason, checkedAt } = connection
      const isLate = feeds.some((feed) => feed.isLate)
      return {
        connection: connectionId,
        district,
        isHealthy: status !== 'failed' && alarms.length === 0 && refusedInputs.length === 0 && !isLate,
        ...{ status, statusReason, alarms, refusedInputs, feeds },
        checkedAt: checkedAt?.toISOString() ?? null,
      }
    })
    return context.json(document, 200)
  })
}

async function describeFeed(
  trx: Transaction<Database>,
  schedule: ScheduleRow,
  timeZone: string,
  isFetched: boolean,
): Promise<Feed> {
  const { dataType, isPaused, settings, activeSince } = schedule
  const { isEnabled, blackouts, lastGoodEnd, lastFetch, waitsFor } = await readFeed(trx, schedule)
  const { isLate, lateAtMs } = judgeFeed({
    ...{ settings, timeZone },
    blackouts,
    activeSinceMs: activeSince.getTime(),
    lastGoodEndMs: lastGoodEnd?.getTime(),
    lastDataMs: isFetched ? lastFetch?.getTime() : 'notApplicable',
    nowMs: Date.now(),
  })
  return {
    ...{ dataType, isPaused },
    nextDueAt: describeNextDue(schedule, timeZone),
    lastGoodEndAt: lastGoodEnd?.toISOString() ?? null,
    lastDataAt: lastFetch?.toISOString() ?? null,
    lateAt: new Date(lateAtMs).toISOString(),
    // A paused feed and one of a configuration that is off owe nothing.
    isLate: isLate && !isPaused && isEnabled,
    waitsFor: [...waitsFor],
    recentFirings: (await listFirings(trx, { ...schedule, limit: recentFirings })).map(toFiringDocument),
  }
}

function toAlarm({ id, kind, dataType, runId, openedAt, facts }: AlarmRow): Alarm {
  return { ...{ id, kind, dataType, runId, facts }, text: alarmKinds[kind], openedAt: openedAt.toISOString() }
}
