import { withDistrict } from '../../db/database.ts'
import { listDeliveriesToStart, updateDeliveryStart } from '../../db/notify/deliveries.ts'
import { findDistrict } from '../../db/access/districts.ts'
import { routeEvents } from '../../db/notify/route-events.ts'
import { deriveDeliveryWorkflowId } from '../../domain/ids.ts'
import type { NotificationActivities } from '../interface.ts'
import type { NotificationDependencies } from './notification-dependencies.ts'

/** So long after its start a delivery that is still open is started again, in case Temporal lost its workflow. */
const staleMs = 60 * 60 * 1000
const startsAtOnce = 100

type AnnounceDependencies = Pick<NotificationDependencies, 'db' | 'startDelivery'>

/**
 * Killed anywhere it is simply called again: events without deliveries get them in one transaction, and a workflow that
 * was started but not noted is found under its id.
 */
export function createAnnounceEvents({
  db,
  startDelivery,
}: AnnounceDependencies): NotificationActivities['announceEvents'] {
  return async ({ districtId }) => {
    while ((await withDistrict(db, districtId, (trx) => routeEvents(trx, districtId))) > 0);
    const district = await findDistrict(db, districtId)
    if (district === undefined) return
    for (;;) {
      const waiting = await withDistrict(db, districtId, (trx) =>
        listDeliveriesToStart(trx, { districtId, staleMs, limit: startsAtOnce }),
      )
      for (const delivery of waiting) {
        const { id: deliveryId, round, channel } = delivery
        const workflowId = deriveDeliveryWorkflowId(deliveryId, round)
        await startDelivery({ districtId, deliveryId, round, channel, workflowId, district: district.slug })
        await withDistrict(db, districtId, (trx) => updateDeliveryStart(trx, delivery))
      }
      if (waiting.length < startsAtOnce) return
    }
  }
}
