import { ActivityFailure, isCancellation } from '@temporalio/workflow'
import { announcingSteps } from './notification-options.ts'

/**
 * Lets the events that a step has just written down go out now and not with the next sweep. Whatever becomes of it, the
 * workflow that calls it goes on: its own work is done, and the events are kept.
 */
export async function announceEvents(districtId: string): Promise<void> {
  try {
    await announcingSteps().announceEvents({ districtId })
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error
  }
}
