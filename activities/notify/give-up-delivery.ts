import { withDistrict } from '../../db/database.ts'
import { giveUpDelivery } from '../../db/notify/delivery-claims.ts'
import { findEvent } from '../../db/notify/events.ts'
import { disableWebhook } from '../../db/notify/webhooks.ts'
import type { NotificationActivities } from '../interface.ts'
import { insertUndeliverable } from './insert-undeliverable.ts'
import { insertWebhookDisabled } from './insert-webhook-disabled.ts'
import type { NotificationDependencies } from './notification-dependencies.ts'

export function createGiveUpDelivery({
  db,
  disableAfterMs,
}: Pick<NotificationDependencies, 'db' | 'disableAfterMs'>): NotificationActivities['giveUpDelivery'] {
  return ({ districtId, deliveryId, round }) =>
    withDistrict(db, districtId, async (trx) => {
      const delivery = await giveUpDelivery(trx, { deliveryId, round })
      if (delivery === undefined) return
      const event = await findEvent(trx, delivery.eventId)
      if (event !== undefined) await insertUndeliverable(trx, delivery, event)
      const { webhookId } = delivery
      if (webhookId === null) return
      const reason = `nothing was accepted for long; the last attempt ended with ${delivery.lastCode ?? 'no answer'}`
      const isDisabled = await disableWebhook(trx, webhookId, { reason, failingForMs: disableAfterMs })
      if (isDisabled) await insertWebhookDisabled(trx, delivery, webhookId)
    })
}
