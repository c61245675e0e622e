import type { Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import type { DeliveryRow } from '../../db/notify/deliveries.ts'
import { insertEvent } from '../../db/notify/events.ts'

/** Once for the delivery that was one too many; enabled again, it may be disabled by another. */
export async function insertWebhookDisabled(
  trx: Transaction<Database>,
  { id: deliveryId, districtId, round, lastCode }: DeliveryRow,
  webhookId: string,
): Promise<void> {
  await insertEvent(trx, {
    districtId,
    kind: 'webhookDisabled',
    onceKey: `webhookDisabled/${webhookId}/${deliveryId}/${round}`,
    facts: { webhookId, deliveryId, ...(lastCode === null ? {} : { failureCode: lastCode }) },
  })
}
