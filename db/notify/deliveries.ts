import { sql, type Selectable, type Transaction } from 'kysely'
import type { Database } from '../database.ts'
import type { Deliveries, DeliveryAttempts, DeliveryChannel, DeliveryState } from '../tables/notifications.ts'

export type DeliveryRow = Selectable<Deliveries>

const openStates = ['pending', 'claimed', 'sending'] as const

export function findDelivery(trx: Transaction<Database>, deliveryId: string): Promise<DeliveryRow | undefined> {
  return trx.selectFrom('deliveries').selectAll().where('id', '=', deliveryId).executeTakeFirst()
}

/** What `GET …/deliveries` shows: a delivery with what it is about. */
export type ListedDelivery = DeliveryRow & { readonly kind: string; readonly runId: string | null }

/** Deliveries of the transaction's district, the newest first, those before the delivery `beforeId`. */
export function listDeliveries(
  trx: Transaction<Database>,
  filter: {
    readonly state?: DeliveryState | undefined
    readonly channel?: DeliveryChannel | undefined
    readonly webhookId?: string | undefined
    readonly runId?: string | undefined
    readonly beforeId?: string | undefined
    readonly limit: number
  },
): Promise<ListedDelivery[]> {
  const { state, channel, webhookId, runId, beforeId } = filter
  let query = trx
    .selectFrom('deliveries as d')
    .innerJoin('events as e', 'e.id', 'd.eventId')
    .selectAll('d')
    .select(['e.kind', 'e.runId'])
    .orderBy('d.id', 'desc')
    .limit(filter.limit)
  if (state !== undefined) query = query.where('d.state', '=', state)
  if (channel !== undefined) query = query.where('d.channel', '=', channel)
  if (webhookId !== undefined) query = query.where('d.webhookId', '=', webhookId)
  if (runId !== undefined) query = query.where('e.runId', '=', runId)
  if (beforeId !== undefined) query = query.where('d.id', '<', beforeId)
  return query.execute()
}

/** Oldest first. */
export function listDeliveryAttempts(
  trx: Transaction<Database>,
  deliveryId: string,
): Promise<Selectable<DeliveryAttempts>[]> {
  return trx
    .selectFrom('deliveryAttempts')
    .selectAll()
    .where('deliveryId', '=', deliveryId)
    .orderBy('attemptNo')
    .execute()
}

/**
 * Open deliveries whose workflow was never started, or was started so long ago that Temporal may have lost it; starting
 * one that is there already is harmless.
 */
export function listDeliveriesToStart(
  trx: Transaction<Database>,
  { districtId, staleMs, limit }: { readonly districtId: string; readonly staleMs: number; readonly limit: number },
): Promise<Pick<DeliveryRow, 'id' | 'channel' | 'round'>[]> {
  return trx
    .selectFrom('deliveries')
    .select(['id', 'channel', 'round'])
    .where('districtId', '=', districtId)
    .where('state', 'in', openStates)
    .where((eb) =>
      eb.or([
        eb('startedAt', 'is', null),
        eb('startedAt', '<', sql<Date>`clock_timestamp() - make_interval(secs => ${staleMs / 1000})`),
      ]),
    )
    .orderBy('id')
    .limit(limit)
    .execute()
}

export async function updateDeliveryStart(
  trx: Transaction<Database>,
  { id, round }: Pick<DeliveryRow, 'id' | 'round'>,
): Promise<void> {
  await trx
    .updateTable('deliveries')
    .set({ startedAt: sql<Date>`clock_timestamp()` })
    .where('id', '=', id)
    .where('round', '=', round)
    .execute()
}

/**
 * Begins a new round for a delivery that has ended, as somebody asked; its workflow is started by the next sweep.
 * Undefined when it has not ended.
 */
export function reopenDelivery(trx: Transaction<Database>, deliveryId: string): Promise<DeliveryRow | undefined> {
  return trx
    .updateTable('deliveries')
    .set({
      state: 'pending',
      round: sql<number>`round + 1`,
      startedAt: null,
      claimedUntil: null,
      isInDoubt: false,
      endedAt: null,
    })
    .where('id', '=', deliveryId)
    .where('state', 'in', ['sent', 'gaveUp'])
    .returningAll()
    .executeTakeFirst()
}
