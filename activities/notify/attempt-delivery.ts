import { setTimeout as sleep } from 'node:timers/promises'
import { ApplicationFailure } from '@temporalio/common'
import { withDistrict } from '../../db/database.ts'
import { findDatabaseTrouble } from '../../db/engine/find-database-trouble.ts'
import type { DeliveryRow } from '../../db/notify/deliveries.ts'
import { claimDelivery, endAttempt, startSending, type AttemptEnd } from '../../db/notify/delivery-claims.ts'
import { findDistrict, type DistrictRow } from '../../db/access/districts.ts'
import { findEvent, type EventRow } from '../../db/notify/events.ts'
import type { DeliveryRef } from '../interface.ts'
import { insertUndeliverable } from './insert-undeliverable.ts'
import type { NotificationDependencies } from './notification-dependencies.ts'

export type ClaimedDelivery = {
  readonly delivery: DeliveryRow
  readonly event: EventRow
  readonly district: DistrictRow
  /** Await it before anything is sent that the other side could keep. Throws when the claim was lost. */
  readonly beforeContent: () => Promise<void>
}

/** `pending`: try again. `gaveUp`: no further attempt makes sense. */
export type AttemptOutcome = Omit<AttemptEnd, 'tookMs'> & { readonly retryAfterMs?: number | undefined }

const tries = 10
const pauseMs = 500

/**
 * One attempt at a delivery: claim, send, write down what came of it. While another attempt may be at work it throws, to be
 * tried again when that one's time is over; it also throws when the delivery is to be tried again.
 */
export async function attemptDelivery(
  { db, leaseMs }: Pick<NotificationDependencies, 'db' | 'leaseMs'>,
  { districtId, deliveryId, round }: DeliveryRef,
  send: (claimed: ClaimedDelivery) => Promise<AttemptOutcome>,
): Promise<void> {
  const claim = await withDistrict(db, districtId, (trx) => claimDelivery(trx, { deliveryId, round, leaseMs }))
  if (claim.kind === 'over') return
  if (claim.kind === 'busy') throw tryAgain('DELIVERY_CLAIMED', claim.waitMs)
  const { delivery } = claim
  const attemptNo = delivery.attempts
  const district = await findDistrict(db, districtId)
  const event = await withDistrict(db, districtId, (trx) => findEvent(trx, delivery.eventId))
  if (district === undefined || event === undefined) throw new Error(`delivery ${deliveryId} is about nothing`)

  const startedAt = performance.now()
  const beforeContent = async (): Promise<void> => {
    const isOurs = await withDistrict(db, districtId, (trx) => startSending(trx, { deliveryId, attemptNo }))
    if (!isOurs) throw tryAgain('DELIVERY_CLAIMED', leaseMs)
  }
  const { retryAfterMs, ...outcome } = await send({ delivery, event, district, beforeContent }).catch(toFailedAttempt)
  const end = { ...outcome, tookMs: Math.round(performance.now() - startedAt) }
  await writeDown(() =>
    withDistrict(db, districtId, async (trx) => {
      await endAttempt(trx, { deliveryId, attemptNo, end })
      if (end.state === 'gaveUp') await insertUndeliverable(trx, { ...delivery, lastCode: end.code }, event)
    }),
  )
  if (end.state === 'pending') throw tryAgain(end.code, retryAfterMs)
}

/** Whatever is thrown, the attempt was one and is written down as failed; a database that is away writes nothing down. */
function toFailedAttempt(error: unknown): AttemptOutcome {
  if (error instanceof ApplicationFailure || findDatabaseTrouble(error) !== undefined) throw error
  return { state: 'pending', code: 'INTERNAL_ERROR', isInDoubt: true }
}

/**
 * What was sent and is not written down would be sent again, so a database that is away for a moment is waited for here, and
 * not by the next attempt.
 */
async function writeDown(write: () => Promise<void>): Promise<void> {
  for (let count = 1; ; count++) {
    try {
      await write()
      return
    } catch (error) {
      if (count >= tries) throw error
      await sleep(pauseMs * count)
    }
  }
}

/** Retried by Temporal, at the pace of the workflow unless the other side asked for another. */
function tryAgain(code: string, afterMs?: number): ApplicationFailure {
  return ApplicationFailure.create({
    message: `The delivery is tried again (${code}).`,
    type: code,
    ...(afterMs === undefined ? {} : { nextRetryDelay: afterMs }),
  })
}
