import { proxyActivities, workflowInfo } from '@temporalio/workflow'
import type { NotificationActivities } from '../../activities/interface.ts'

/** How a delivery is tried again, in milliseconds. An input of the workflow, so that tests pass short ones. */
export type DeliveryTimings = {
  readonly firstPauseMs: number
  /** Each pause is so many times as long as the one before, up to the longest. */
  readonly growth: number
  readonly longestPauseMs: number
  /** When this time is over the delivery is given up. */
  readonly totalMs: number
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

export const mailTimings: DeliveryTimings = {
  firstPauseMs: 15 * second,
  growth: 2,
  longestPauseMs: hour,
  totalMs: 2 * day,
}

/** Some twelve attempts: after 10 s, 40 s, 3 min, 11 min, 43 min, 3 h, then every 8 hours. */
export const webhookTimings: DeliveryTimings = {
  firstPauseMs: 10 * second,
  growth: 4,
  longestPauseMs: 8 * hour,
  totalMs: 3 * day,
}

/**
 * Notifications have a task queue of their own: a receiver that keeps silent must not take the place of an import, nor a
 * long import that of a mail.
 */
function deriveQueue(): string {
  return `${workflowInfo().taskQueue}-notifications`
}

/** The attempts of a delivery are retries of one activity: days of them are a handful of events in the history. */
export function deliverySteps(timings: DeliveryTimings): Pick<NotificationActivities, 'sendMail' | 'sendWebhook'> {
  return proxyActivities<Pick<NotificationActivities, 'sendMail' | 'sendWebhook'>>({
    taskQueue: deriveQueue(),
    startToCloseTimeout: 2 * minute,
    scheduleToCloseTimeout: timings.totalMs,
    heartbeatTimeout: 10 * second,
    retry: {
      initialInterval: timings.firstPauseMs,
      backoffCoefficient: timings.growth,
      maximumInterval: timings.longestPauseMs,
    },
  })
}

export function closingSteps(): Pick<NotificationActivities, 'giveUpDelivery'> {
  return proxyActivities<Pick<NotificationActivities, 'giveUpDelivery'>>({
    taskQueue: deriveQueue(),
    startToCloseTimeout: minute,
    scheduleToCloseTimeout: 7 * day,
    heartbeatTimeout: 10 * second,
    retry: { initialInterval: second, maximumInterval: minute },
  })
}

/** A run does not wait for its notifications: what is not announced within a minute is found by the sweep. */
export function announcingSteps(): Pick<NotificationActivities, 'announceEvents'> {
  return proxyActivities<Pick<NotificationActivities, 'announceEvents'>>({
    taskQueue: deriveQueue(),
    startToCloseTimeout: minute,
    scheduleToCloseTimeout: minute,
    heartbeatTimeout: 10 * second,
    retry: { initialInterval: second, maximumInterval: 10 * second },
  })
}

export function sweepingSteps(): Pick<NotificationActivities, 'sweepNotifications'> {
  return proxyActivities<Pick<NotificationActivities, 'sweepNotifications'>>({
    taskQueue: deriveQueue(),
    startToCloseTimeout: 30 * minute,
    scheduleToCloseTimeout: 30 * minute,
    heartbeatTimeout: 10 * second,
    // The next sweep is the next attempt.
    retry: { maximumAttempts: 2 },
  })
}
