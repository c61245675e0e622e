import { sql, type Transaction } from 'kysely'
import { allDataTypes } from '../../domain/data-types/registry.ts'
import { deriveEndedTopics } from '../../domain/events/derive-symptom.ts'
import { eventKindNames, eventKinds, type EventKind } from '../../domain/events/event-kinds.ts'
import type { Database } from '../database.ts'
import { deriveTopic, type EventRow } from './events.ts'
import { listNotificationSettings, type NotificationSettingsRow } from './notification-settings.ts'
import { listWebhooks, type WebhookRow } from './webhooks.ts'

/** The same trouble is told by mail once in this time, unless it ended in between. */
const repeatWindowMs = 24 * 60 * 60 * 1000

const eventsAtOnce = 200

/**
 * Makes the deliveries of events that have none yet, oldest first, and gives how many events that was; called again
 * until it gives 0 it is done. One at a time for a district: whether an event repeats another depends on the order.
 */
export async function routeEvents(trx: Transaction<Database>, districtId: string): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`notify:${districtId}`}, 0))`.execute(trx)
  const events = await trx
    .selectFrom('events')
    .selectAll()
    .where('districtId', '=', districtId)
    .where('routedAt', 'is', null)
    .orderBy('id')
    .limit(eventsAtOnce)
    .execute()
  if (events.length === 0) return 0
  const settings = await listNotificationSettings(trx, districtId)
  const webhooks = (await listWebhooks(trx, districtId)).filter(({ isEnabled }) => isEnabled)
  for (const event of events) {
    const isRepeat = event.symptom !== null && (await wasToldBefore(trx, event, event.symptom))
    const endedCount = await countEndedTrouble(trx, event)
    await insertDeliveries(trx, event, [
      ...listRecipients(event, settings, { isRepeat, endedCount }).map((recipient) => ({ recipient })),
      ...listReceivers(event, webhooks).map(({ id }) => ({ webhookId: id })),
    ])
    await trx
      .updateTable('events')
      .set({ routedAt: sql<Date>`clock_timestamp()`, isRepeat, endedCount })
      .where('id', '=', event.id)
      .execute()
  }
  return events.length
}

/** Addresses that get a mail about the event, each once whatever its case. */
function listRecipients(
  { kind, dataType }: EventRow,
  settings: readonly NotificationSettingsRow[],
  { isRepeat, endedCount }: { readonly isRepeat: boolean; readonly endedCount: number },
): string[] {
  const rule = eventKinds[kind].mail
  if (rule === 'never' || (rule === 'newTrouble' && isRepeat) || (rule === 'recovery' && endedCount === 0)) return []
  const isForAll = dataType === null || dataType === allDataTypes
  const told = settings.filter((one) => isForAll || one.dataType === dataType)
  const byText = new Map(told.flatMap(({ recipients }) => recipients.map((each) => [each.toLowerCase(), each])))
  return [...byText.values()]
}

/** A webhook that is about itself would only fail once more. */
function listReceivers({ kind, facts }: EventRow, webhooks: readonly WebhookRow[]): WebhookRow[] {
  return webhooks.filter(({ id, kinds }) => id !== facts.webhookId && (kinds === null || kinds.includes(kind)))
}

async function insertDeliveries(
  trx: Transaction<Database>,
  { id: eventId, districtId }: EventRow,
  targets: readonly ({ readonly recipient: string } | { readonly webhookId: string })[],
): Promise<void> {
  if (targets.length === 0) return
  await trx
    .insertInto('deliveries')
    .values(
      targets.map((target) => ({
        districtId,
        eventId,
        channel: 'recipient' in target ? ('mail' as const) : ('webhook' as const),
        ...target,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** True when the same trouble was told of within the window, and nothing ended it since. */
async function wasToldBefore(trx: Transaction<Database>, event: EventRow, symptom: string): Promise<boolean> {
  const told = await trx
    .selectFrom('events')
    .select('id')
    .where('districtId', '=', event.districtId)
    .where('topic', '=', event.topic)
    .where('symptom', '=', symptom)
    .where('isRepeat', '=', false)
    .where('routedAt', 'is not', null)
    .where('id', '<', event.id)
    .where('occurredAt', '>', new Date(event.occurredAt.getTime() - repeatWindowMs))
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (told === undefined) return false
  const ended = await selectEnds(trx, event, event.topic).where('id', '>', told.id).limit(1).executeTakeFirst()
  return ended === undefined
}

/** How many events of trouble of its own topic an event ends: those since the last one that ended it. */
async function countEndedTrouble(trx: Transaction<Database>, event: EventRow): Promise<number> {
  if (eventKinds[event.kind].mood !== 'well') return 0
  const lastEnd = selectEnds(trx, event, event.topic).orderBy('id', 'desc').limit(1)
  const { count } = await trx
    .selectFrom('events')
    .select(sql<number>`count(*)`.as('count'))
    .where('districtId', '=', event.districtId)
    .where('topic', '=', event.topic)
    .where('symptom', 'is not', null)
    .where('id', '<', event.id)
    .where(sql<boolean>`id > coalesce((${lastEnd}), '00000000-0000-0000-0000-000000000000'::uuid)`)
    .executeTakeFirstOrThrow()
  return count
}

/** Ids of the events before this one that ended the trouble of a topic. */
function selectEnds(trx: Transaction<Database>, event: EventRow, topic: string) {
  const [base = ''] = topic.split('/')
  const enders = eventKindNames.filter((kind) => deriveEndedTopics(kind).includes(base))
  const topics = enders.map((kind) => deriveTopic(kind, event.dataType, event.connectionId))
  return trx
    .selectFrom('events')
    .select('id')
    .where('districtId', '=', event.districtId)
    .where('topic', 'in', topics.length === 0 ? [''] : topics)
    .where('kind', 'in', enders.length === 0 ? [noKind] : enders)
    .where('id', '<', event.id)
}

/** An empty list is not SQL; no event of this kind has the topic asked for. */
const noKind: EventKind = 'alertsReminder'
