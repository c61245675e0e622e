import { createGuard } from '../guard-step.ts'
import type { NotificationActivities } from '../interface.ts'
import { createAnnounceEvents } from './announce-events.ts'
import { createGiveUpDelivery } from './give-up-delivery.ts'
import type { NotificationDependencies } from './notification-dependencies.ts'
import { createSendMail } from './send-mail.ts'
import { createSendWebhook } from './send-webhook.ts'
import { createSweepNotifications } from './sweep-notifications.ts'

/** The steps that tell people and machines of events. */
export function createNotificationActivities(dependencies: NotificationDependencies): NotificationActivities {
  const guard = createGuard(dependencies.log)
  const sweep = guard(createSweepNotifications(dependencies))
  return {
    announceEvents: guard(createAnnounceEvents(dependencies)),
    sweepNotifications: () => sweep({}),
    sendMail: guard(createSendMail(dependencies)),
    sendWebhook: guard(createSendWebhook(dependencies)),
    giveUpDelivery: guard(createGiveUpDelivery(dependencies)),
  }
}
