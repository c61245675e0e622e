import { sql, type Transaction } from 'kysely'
import type { Database } from '../database.ts'
import type { DeliveryRow } from './deliveries.ts'

/** The attempt number is the proof of a claim: whoever has an older one has lost it. */
export type DeliveryClaim =
  | { readonly kind: 'claimed'; readonly delivery: DeliveryRow }
  /** Sent, given up, or asked for anew in another round: there is nothing to do. */
  | { readonly kind: 'over' }
  /** Somebody is, or may still be, at work on it. */
  | { readonly kind: 'busy'; readonly waitMs: number }

/**
 * Takes a delivery for one attempt of at most `leaseMs`. One who was killed keeps it until then: only after that is it
 * sure that two do not send at the same time. If the attempt before broke off after it began to send, the other side
 * may have what was sent, and the delivery is in doubt from now on.
 */
export async function claimDelivery(
  trx: Transaction<Database>,
  wanted: { readonly deliveryId: string; readonly round: number; readonly leaseMs: number },
): Promise<DeliveryClaim> {
  const { deliveryId, round, leaseMs } = wanted
  const found = await trx
    .selectFrom('deliveries')
    .select(['state', 'round', 'isInDoubt'])
    .select(sql<number>`ceil(extract(epoch from claimed_until - clock_timestamp()) * 1000)::int`.as('waitMs'))
    .where('id', '=', deliveryId)
    .forUpdate()
    .executeTakeFirst()
  if (found === undefined || found.round !== round) return { kind: 'over' }
  if (found.state === 'sent' || found.state === 'gaveUp') return { kind: 'over' }
  if (found.state !== 'pending' && found.waitMs > 0) return { kind: 'busy', waitMs: found.waitMs }
  const delivery = await trx
    .updateTable('deliveries')
    .set({
      state: 'claimed',
      attempts: sql<number>`attempts + 1`,
      claimedUntil: sql<Date>`clock_timestamp() + make_interval(secs => ${leaseMs / 1000})`,
      isInDoubt: found.isInDoubt || found.state === 'sending',
    })
    .where('id', '=', deliveryId)
    .returningAll()
    .executeTakeFirstOrThrow()
  return { kind: 'claimed', delivery }
}

type Held = { readonly deliveryId: string; readonly attemptNo: number }

/** Written down before the first byte that the other side could keep. False when the claim was lost. */
export async function startSending(trx: Transaction<Database>, { deliveryId, attemptNo }: Held): Promise<boolean> {
  const updated = await trx
    .updateTable('deliveries')
    .set({ state: 'sending' })
    .where('id', '=', deliveryId)
    .where('attempts', '=', attemptNo)
    .where('state', '=', 'claimed')
    .returning('id')
    .executeTakeFirst()
  return updated !== undefined
}

export type AttemptEnd = {
  readonly state: 'sent' | 'pending' | 'gaveUp'
  /** What the other side answered or how it failed, as a code. */
  readonly code: string
  /** The other side may have taken it although the attempt failed. */
  readonly isInDoubt: boolean
  readonly tookMs: number
}

/** Ends an attempt and keeps what came of it. Safe to repeat; one whose claim was lost only adds to the log. */
export async function endAttempt(
  trx: Transaction<Database>,
  { deliveryId, attemptNo, end }: Held & { readonly end: AttemptEnd },
): Promise<void> {
  const updated = await trx
    .updateTable('deliveries')
    .set({
      state: end.state,
      claimedUntil: null,
      lastCode: end.code,
      isInDoubt: sql<boolean>`is_in_doubt or ${end.isInDoubt}`,
      endedAt: end.state === 'pending' ? null : sql<Date>`clock_timestamp()`,
    })
    .where('id', '=', deliveryId)
    .where('attempts', '=', attemptNo)
    .where('state', 'in', ['claimed', 'sending'])
    .returning('districtId')
    .executeTakeFirst()
  if (updated === undefined) return
  const { districtId } = updated
  await trx
    .insertInto('deliveryAttempts')
    .values({ districtId, deliveryId, attemptNo, tookMs: end.tookMs, code: end.code })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Ends a delivery that is still open after all its attempts; undefined when it was over already. */
export function giveUpDelivery(
  trx: Transaction<Database>,
  { deliveryId, round }: { readonly deliveryId: string; readonly round: number },
): Promise<DeliveryRow | undefined> {
  return trx
    .updateTable('deliveries')
    .set({ state: 'gaveUp', claimedUntil: null, endedAt: sql<Date>`clock_timestamp()` })
    .where('id', '=', deliveryId)
    .where('round', '=', round)
    .where('state', 'in', ['pending', 'claimed', 'sending'])
    .returningAll()
    .executeTakeFirst()
}
