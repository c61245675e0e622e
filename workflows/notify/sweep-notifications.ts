import { sweepingSteps } from './notification-options.ts'

/** One look through all districts, started by a Schedule; it ends, and the next one begins afresh. */
export async function sweepNotifications(): Promise<void> {
  await sweepingSteps().sweepNotifications()
}
