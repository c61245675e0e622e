import { Context } from '@temporalio/activity'
import { withDistrict } from '../../db/database.ts'
import { listDistricts } from '../../db/access/districts.ts'
import { insertEvent } from '../../db/notify/events.ts'
import { deleteOldEvents, findNotificationWork } from '../../db/notify/notification-work.ts'
import { listOverdueAlerts, updateReminders } from '../../db/notify/overdue-alerts.ts'
import { listFrames } from '../to-activity-failure.ts'
import { createAnnounceEvents } from './announce-events.ts'
import type { NotificationDependencies } from './notification-dependencies.ts'

/**
 * Looks through all districts for what was left behind, by a worker that was killed or by somebody who writes events
 * without a workflow. A district that fails does not keep the others from their turn; the first failure is thrown at
 * the end.
 */
export function createSweepNotifications(dependencies: NotificationDependencies): (all: object) => Promise<void> {
  const { db, log } = dependencies
  const announceEvents = createAnnounceEvents(dependencies)
  return async () => {
    let failure: Error | undefined
    for (const { id: districtId } of await listDistricts(db)) {
      Context.current().cancellationSignal.throwIfAborted()
      try {
        if (await remindAndForget(dependencies, districtId)) await announceEvents({ districtId })
      } catch (error) {
        failure ??= error instanceof Error ? error : new Error('a district could not be swept', { cause: error })
        log.warn({ districtId, at: listFrames(error) }, 'the notifications of a district could not be swept')
      }
    }
    if (failure !== undefined) throw failure
  }
}

/** True when there is something to announce. */
function remindAndForget(dependencies: NotificationDependencies, districtId: string): Promise<boolean> {
  const { db, keepDays } = dependencies
  const now = dependencies.now()
  return withDistrict(db, districtId, async (trx) => {
    const { hasOpen, hasOldAlerts, hasOldEvents } = await findNotificationWork(trx, { districtId, now, keepDays })
    if (hasOldEvents) await deleteOldEvents(trx, { districtId, keepDays })
    const reminders = hasOldAlerts ? await listOverdueAlerts(trx, { districtId, now }) : []
    for (const { dataType, runId, alerts, openDays, reminded } of reminders) {
      const [first] = reminded
      const onceKey = `alertsReminder/${dataType}/${first?.id ?? ''}/${first?.reminders ?? 0}`
      const facts = { alerts, openDays }
      await insertEvent(trx, { districtId, kind: 'alertsReminder', onceKey, dataType, runId, facts })
      await updateReminders(trx, reminded)
    }
    return hasOpen || reminders.length > 0
  })
}
