import { setTimeout as sleep } from 'node:timers/promises'
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client, type ScheduleOptions } from '@temporalio/client'
import type { Log } from '../platform/log.ts'

const scheduleId = 'sweep-notifications'
const pauseMs = 10_000

/**
 * Makes the Schedule that starts a sweep every so often, or gives the one that is there today's interval. Every worker
 * does this when it starts. Goes on trying while Temporal is away, until the signal; never throws.
 */
export async function ensureSweep(
  client: Client,
  log: Log,
  sweep: { readonly taskQueue: string; readonly everyMs: number },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await upsertSchedule(client, sweep)
      return
    } catch (error) {
      // A connection that was closed under us is the end of the worker, and no news.
      if (isOver(signal)) return
      log.warn({ err: error }, 'the schedule of the sweep could not be made; trying again')
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
  }
}

async function upsertSchedule(
  client: Client,
  { taskQueue, everyMs }: { readonly taskQueue: string; readonly everyMs: number },
): Promise<void> {
  const schedule = {
    spec: { intervals: [{ every: everyMs }] },
    action: { type: 'startWorkflow', workflowType: 'sweepNotifications', workflowId: scheduleId, args: [], taskQueue },
    // A sweep that was missed is made good by the next one.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
  } satisfies Omit<ScheduleOptions, 'scheduleId'>
  try {
    await client.schedule.create({ scheduleId, ...schedule })
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error
    await client.schedule.getHandle(scheduleId).update(({ state }) => ({ ...schedule, state }))
  }
}

/** Asked anew: the compiler believes what was seen before the wait. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted
}
