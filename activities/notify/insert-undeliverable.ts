import type { Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import type { DeliveryRow } from '../../db/notify/deliveries.ts'
import { insertEvent, type EventRow } from '../../db/notify/events.ts'

/** Somebody who should have been told was not: an event of its own, for those who read the API or a webhook. */
export async function insertUndeliverable(
  trx: Transaction<Database>,
  { id: deliveryId, districtId, channel, round, lastCode }: DeliveryRow,
  { dataType, runId }: EventRow,
): Promise<void> {
  // A webhook that fails for long is disabled, and that is told instead.
  if (channel !== 'mail') return
  await insertEvent(trx, {
    districtId,
    kind: 'mailUndeliverable',
    onceKey: `mailUndeliverable/${deliveryId}/${round}`,
    ...(dataType === null ? {} : { dataType }),
    ...(runId === null ? {} : { runId }),
    facts: { deliveryId, ...(lastCode === null ? {} : { failureCode: lastCode }) },
  })
}
