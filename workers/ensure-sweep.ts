import { setTimeout as sleep } from 'node:timers/promises'
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client, type ScheduleOptions } from '@temporalio/client'
import type { Log } from '../platform/log.ts'

const pauseMs = 10_000

/** A workflow that looks through everything every so often; its schedule and its executions go by the same id. */
export type Sweep = {
  readonly id: string
  readonly workflowType: string
  readonly taskQueue: string
  readonly everyMs: number
}

/**
 * Makes the Schedule that starts a sweep every so often, or gives the one that is there today's interval. Every worker
 * does this when it starts. Goes on trying while Temporal is away, until the signal; never throws.
 */
export async function ensureSweep(client: Client, log: Log, sweep: Sweep, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await upsertSchedule(client, sweep)
      return
    } catch (error) {
      // A connection that was closed under us is the end of the worker, and no news.
      if (isOver(signal)) return
      log.warn({ schedule: sweep.id, err: error }, 'the schedule of a sweep could not be made; trying again')
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
  }
}

async function upsertSchedule(client: Client, { id, workflowType, taskQueue, everyMs }: Sweep): Promise<void> {
  const schedule = {
    spec: { intervals: [{ every: everyMs }] },
    action: { type: 'startWorkflow', workflowType, workflowId: id, args: [], taskQueue },
    // A sweep that was missed is made good by the next one.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
  } satisfies Omit<ScheduleOptions, 'scheduleId'>
  try {
    await client.schedule.create({ scheduleId: id, ...schedule })
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error
    await client.schedule.getHandle(id).update(({ state }) => ({ ...schedule, state }))
  }
}

/** Asked anew: the compiler believes what was seen before the wait. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted
}
