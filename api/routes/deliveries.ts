import { createRoute, z } from '@hono/zod-openapi'
import { withDistrict } from '../../db/database.ts'
import { insertAuditEntry } from '../../db/access/audit.ts'
import {
  findDelivery,
  listDeliveries,
  listDeliveryAttempts,
  reopenDelivery,
  type ListedDelivery,
} from '../../db/notify/deliveries.ts'
import { findEvent, listEvents, type EventRow } from '../../db/notify/events.ts'
import { isEventKind, titleOfEvent } from '../../domain/events/event-kinds.ts'
import type { Api } from '../app-environment.ts'
import { jsonAnswer, problemAnswer } from '../answers/json-answer.ts'
import { Delivery, DeliveryWithAttempts, EventDocument } from '../contract/notification.ts'
import { PageQuery, pageOf } from '../contract/paging.ts'
import { encodeCursor, parseIdCursor } from '../answers/cursor.ts'
import { Refusal } from '../failures.ts'
import { enterDistrict } from '../access/scope.ts'

const ofDistrict = z.object({ slug: z.string() })
const ofDelivery = ofDistrict.extend({ id: z.uuid() })

const events = createRoute({
  method: 'get',
  path: '/api/districts/{slug}/events',
  summary: 'What people and webhooks were told of, the newest first',
  request: { params: ofDistrict, query: PageQuery },
  responses: { 200: jsonAnswer('A page of events', pageOf(EventDocument)), default: problemAnswer },
})

const list = createRoute({
  method: 'get',
  path: '/api/districts/{slug}/deliveries',
  summary: 'Mails and webhooks and what became of them, the newest first; `state=gaveUp` for what nobody got',
  request: {
    params: ofDistrict,
    query: PageQuery.extend({
      state: Delivery.shape.state.optional(),
      channel: Delivery.shape.channel.optional(),
      webhook: z.uuid().optional(),
      run: z.uuid().optional(),
    }),
  },
  responses: { 200: jsonAnswer('A page of deliveries', pageOf(Delivery)), default: problemAnswer },
})

const show = createRoute({
  method: 'get',
  path: '/api/districts/{slug}/deliveries/{id}',
  summary: 'One delivery with the log of its attempts',
  request: { params: ofDelivery },
  responses: { 200: jsonAnswer('The delivery', DeliveryWithAttempts), default: problemAnswer },
})

const redeliver = createRoute({
  method: 'post',
  path: '/api/districts/{slug}/deliveries/{id}/redeliver',
  summary: 'Deliver once more what has been delivered or given up; it goes out within a minute',
  request: { params: ofDelivery },
  responses: { 202: jsonAnswer('The delivery, open again', DeliveryWithAttempts), default: problemAnswer },
})

export function addDeliveryRoutes(api: Api): void {
  api.openapi(events, async (context) => {
    const { districtId, district } = await enterDistrict(context, context.req.valid('param').slug, 'view')
    const { limit, cursor } = context.req.valid('query')
    const page = { beforeId: parseIdCursor(cursor), limit: limit + 1 }
    const rows = await withDistrict(context.get('parts').db, districtId, (trx) => listEvents(trx, page))
    const items = rows.slice(0, limit).map((row) => toEvent(row, district))
    return context.json({ items, nextCursor: nextCursor(items, rows.length > limit) }, 200)
  })

  api.openapi(list, async (context) => {
    const { districtId, district } = await enterDistrict(context, context.req.valid('param').slug, 'view')
    const { limit, cursor, state, channel, webhook: webhookId, run: runId } = context.req.valid('query')
    const filter = { state, channel, webhookId, runId, beforeId: parseIdCursor(cursor), limit: limit + 1 }
    const rows = await withDistrict(context.get('parts').db, districtId, (trx) => listDeliveries(trx, filter))
    const items = rows.slice(0, limit).map((row) => toDelivery(row, district))
    return context.json({ items, nextCursor: nextCursor(items, rows.length > limit) }, 200)
  })

  api.openapi(show, async (context) => {
    const { slug, id } = context.req.valid('param')
    const scope = await enterDistrict(context, slug, 'view')
    return context.json(await readDelivery(context.get('parts').db, scope, id), 200)
  })

  api.openapi(redeliver, async (context) => {
    const { slug, id } = context.req.valid('param')
    const scope = await enterDistrict(context, slug, 'configure')
    const { db } = context.get('parts')
    const { districtId } = scope
    const before = await readDelivery(db, scope, id)
    const actor = context.get('caller').name
    await withDistrict(db, districtId, async (trx) => {
      await insertAuditEntry(trx, { districtId, actor, action: 'redeliver', subject: { deliveryId: id } })
      if ((await reopenDelivery(trx, id)) !== undefined) return
      throw new Refusal('CONFLICT', `The delivery is under way; its state is "${before.state}".`)
    })
    return context.json(await readDelivery(db, scope, id), 202)
  })
}

async function readDelivery(
  db: Parameters<typeof withDistrict>[0],
  { districtId, district }: { readonly districtId: string; readonly district: string },
  id: string,
): Promise<DeliveryWithAttempts> {
  return await withDistrict(db, districtId, async (trx) => {
    const row = await findDelivery(trx, id)
    const event = row === undefined ? undefined : await findEvent(trx, row.eventId)
    if (row === undefined || event === undefined) {
      throw new Refusal('NOT_FOUND', 'There is no delivery of this id in the district; they are kept for 30 days.')
    }
    const attempts = await listDeliveryAttempts(trx, id)
    return {
      ...toDelivery({ ...row, kind: event.kind, runId: event.runId }, district),
      log: attempts.map(({ attemptNo, at, tookMs, code }) => ({
        attempt: attemptNo,
        at: at.toISOString(),
        tookMs,
        code,
      })),
    }
  })
}

function nextCursor(items: readonly { readonly id: string }[], hasMore: boolean): string | null {
  const last = items.at(-1)
  return hasMore && last !== undefined ? encodeCursor([last.id]) : null
}

function toEvent(row: EventRow, district: string): EventDocument {
  const { id, kind, dataType, runId, connectionId, occurredAt, isRepeat, facts } = row
  const title = isEventKind(kind) ? titleOfEvent(kind, facts.failureCode) : kind
  const times = { occurredAt: occurredAt.toISOString() }
  return { id, district, kind, title, dataType, runId, connection: connectionId, ...times, isRepeat, facts }
}

function toDelivery(row: ListedDelivery, district: string): Delivery {
  const { id, eventId, kind, runId, channel, recipient, webhookId, state, attempts, isInDoubt, lastCode } = row
  return {
    id,
    district,
    eventId,
    kind,
    runId,
    channel,
    recipient,
    webhook: webhookId,
    state,
    attempts,
    isInDoubt,
    lastCode,
    createdAt: row.createdAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  }
}
