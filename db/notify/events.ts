import type { Selectable, Transaction } from 'kysely'
import { deriveSymptom } from '../../domain/events/derive-symptom.ts'
import type { EventFacts } from '../../domain/events/event-facts.ts'
import { eventKinds, type EventKind } from '../../domain/events/event-kinds.ts'
import type { Database } from '../database.ts'
import type { Events } from '../tables/notifications.ts'

export type EventRow = Selectable<Events>

export type NewEvent = {
  readonly districtId: string
  readonly kind: EventKind
  /** Names the occurrence, `runHeld/{runId}/{planNo}`: the same text a second time in a district writes nothing. */
  readonly onceKey: string
  /** Decides who is told by mail; without one it is everybody whom the district tells of anything. */
  readonly dataType?: string
  readonly runId?: string
  readonly connectionId?: string
  /** Ids, counts and codes; nothing about a person, and no text that somebody typed. */
  readonly facts?: EventFacts
}

/**
 * Writes an event into the outbox. Call it in the transaction of the change it tells of: then neither is there without
 * the other. Safe to repeat. True when it was not there yet.
 */
export async function insertEvent(trx: Transaction<Database>, event: NewEvent): Promise<boolean> {
  const { districtId, kind, onceKey, dataType = null, runId = null, connectionId = null, facts = {} } = event
  const inserted = await trx
    .insertInto('events')
    .values({
      districtId,
      kind,
      onceKey,
      dataType,
      runId,
      connectionId,
      facts: JSON.stringify(facts),
      topic: deriveTopic(kind, dataType, connectionId),
      symptom: deriveSymptom(kind, facts),
    })
    .onConflict((conflict) => conflict.columns(['districtId', 'onceKey']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return inserted !== undefined
}

/** What trouble and its end are matched by, as stored: `import/students`, `connection/{id}`, `feed/{id}/students`. */
export function deriveTopic(
  kind: EventKind,
  dataType: string | null,
  connectionId: string | null,
  topic: string = eventKinds[kind].topic,
): string {
  // A run of any connection brings the records of its data type in step; a feed is one connection's.
  const isOfConnection = topic === 'feed' || topic === 'connection'
  const parts = [topic, isOfConnection ? connectionId : null, topic === 'connection' ? null : dataType]
  return parts.filter((part) => part !== null).join('/')
}

export function findEvent(trx: Transaction<Database>, eventId: string): Promise<EventRow | undefined> {
  return trx.selectFrom('events').selectAll().where('id', '=', eventId).executeTakeFirst()
}

/** Events of the transaction's district, the newest first, those before the event `beforeId`. */
export function listEvents(
  trx: Transaction<Database>,
  page: { readonly beforeId?: string | undefined; readonly limit: number },
): Promise<EventRow[]> {
  let query = trx.selectFrom('events').selectAll().orderBy('id', 'desc').limit(page.limit)
  if (page.beforeId !== undefined) query = query.where('id', '<', page.beforeId)
  return query.execute()
}
