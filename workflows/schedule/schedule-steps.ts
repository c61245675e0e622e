import { proxyActivities, workflowInfo } from '@temporalio/workflow'
import type { ScheduleActivities } from '../../activities/schedule-interface.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute

/**
 * Steps that ask a source have a task queue of their own: they mostly wait, ten seconds for each new package (rule Z-14)
 * and minutes for a broken one, and must not take the place of an import.
 */
function deriveQueue(): string {
  return `${workflowInfo().taskQueue}-sources`
}

/** A large package over a slow line takes hours; a source that is away is asked again until it answers, for a day. */
export function fetchingSteps(): Pick<ScheduleActivities, 'fetchInput' | 'fetchSetInput'> {
  return proxyActivities<Pick<ScheduleActivities, 'fetchInput' | 'fetchSetInput'>>({
    taskQueue: deriveQueue(),
    startToCloseTimeout: 12 * hour,
    scheduleToCloseTimeout: 24 * hour,
    heartbeatTimeout: 30 * second,
    retry: { initialInterval: 5 * second, backoffCoefficient: 2, maximumInterval: 5 * minute },
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  })
}

/** A start is decided about while it matters; how often a source is asked is in activities/schedule/decide-firing.ts. */
export function decidingSteps(): Pick<ScheduleActivities, 'decideFiring'> {
  return proxyActivities<Pick<ScheduleActivities, 'decideFiring'>>({
    taskQueue: deriveQueue(),
    startToCloseTimeout: 5 * minute,
    scheduleToCloseTimeout: 2 * hour,
    heartbeatTimeout: 20 * second,
    retry: { initialInterval: 5 * second, backoffCoefficient: 2, maximumInterval: 2 * minute },
  })
}

/** Somebody waits for it: a worker that is lost is missed soon, and nothing is tried for long. */
export function testingSteps(): Pick<ScheduleActivities, 'testConnection'> {
  return proxyActivities<Pick<ScheduleActivities, 'testConnection'>>({
    taskQueue: deriveQueue(),
    startToCloseTimeout: 40 * second,
    scheduleToCloseTimeout: 45 * second,
    heartbeatTimeout: 10 * second,
    retry: { initialInterval: second, backoffCoefficient: 2, maximumAttempts: 3 },
  })
}

/** The next check does what one that failed did not. */
export const watching = proxyActivities<Pick<ScheduleActivities, 'watchDistricts'>>({
  startToCloseTimeout: hour,
  heartbeatTimeout: minute,
  retry: { initialInterval: 10 * second, backoffCoefficient: 2, maximumInterval: minute, maximumAttempts: 5 },
})

/** Goes on where it was when a worker is lost, or with the next one an hour later. */
export const purging = proxyActivities<Pick<ScheduleActivities, 'purgeLogs'>>({
  startToCloseTimeout: 12 * hour,
  heartbeatTimeout: minute,
  retry: { initialInterval: 10 * second, backoffCoefficient: 2, maximumInterval: 5 * minute, maximumAttempts: 5 },
})
