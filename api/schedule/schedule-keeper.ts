import type * as Temporal from '@temporalio/client'
import { allDataTypes } from '../../domain/data-types/registry.ts'
import type { ScheduleSpec } from '../../domain/schedule/derive-schedule-spec.ts'
import { Refusal } from '../failures.ts'

/** A schedule as Temporal is to have it. */
export type KeptSchedule = {
  readonly scheduleId: string
  /** What the ids of the workflows it starts begin with. */
  readonly workflowId: string
  readonly districtId: string
  readonly district: string
  readonly connectionId: string
  readonly dataType: string
  readonly spec: ScheduleSpec
  readonly isPaused: boolean
}

/** What the API says to Temporal about Schedules; the tests stand in for it here. Throws WORKFLOWS_UNAVAILABLE. */
export interface ScheduleKeeper {
  /** Makes the Schedule, or brings it in step. */
  put(schedule: KeptSchedule): Promise<void>
  /** One that is not there is as good as removed. */
  remove(scheduleId: string): Promise<void>
  /** Makes the Schedule of the watchdog, which is one for all districts. */
  putWatchdog(): Promise<void>
}

const watchEveryMs = 2 * 60_000
type Connect = { readonly connect: () => Promise<Temporal.Client>; readonly taskQueue: string }

export class TemporalScheduleKeeper implements ScheduleKeeper {
  readonly #connect: () => Promise<Temporal.Client>
  readonly #taskQueue: string
  #client: Promise<Temporal.Client> | undefined

  constructor({ connect, taskQueue }: Connect) {
    this.#connect = connect
    this.#taskQueue = taskQueue
  }

  put({ scheduleId, workflowId, spec, isPaused, ...ref }: KeptSchedule): Promise<void> {
    const { districtId, district, connectionId, dataType } = ref
    return this.#upsert(scheduleId, {
      spec: toTemporalSpec(spec),
      action: {
        type: 'startWorkflow',
        workflowType: 'fireSchedule',
        workflowId,
        taskQueue: this.#taskQueue,
        args: [{ districtId, district, connectionId, dataType }],
        typedSearchAttributes: [
          { key: { name: 'RollbookDistrict', type: 'KEYWORD' }, value: district },
          { key: { name: 'RollbookDataType', type: 'KEYWORD' }, value: dataType },
        ],
        staticSummary: `Scheduled import of ${dataType === allDataTypes ? 'all data types' : dataType} for ${district}`,
      },
      // What it starts takes a moment, so an overlap means that no worker was there.
      policies: { overlap: 'SKIP', catchupWindow: spec.catchUpMs, pauseOnFailure: false },
      state: { paused: isPaused },
    })
  }

  async remove(scheduleId: string): Promise<void> {
    const [client, { ScheduleNotFoundError }] = await this.#load()
    try {
      await client.schedule.getHandle(scheduleId).delete()
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw this.#forget(error)
    }
  }

  putWatchdog(): Promise<void> {
    return this.#upsert('watchdog', {
      spec: { intervals: [{ every: watchEveryMs }] },
      action: {
        type: 'startWorkflow',
        workflowType: 'watchDistricts',
        workflowId: 'watch',
        taskQueue: this.#taskQueue,
        args: [],
        staticSummary: 'Look for runs that do not get on and feeds that are late',
      },
      policies: { overlap: 'SKIP', catchupWindow: 60_000, pauseOnFailure: false },
      state: { paused: false },
    })
  }

  /** Closes the connection, if one was ever made. */
  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined)
    await client?.connection.close()
  }

  async #upsert(
    scheduleId: string,
    wanted: Omit<Temporal.ScheduleOptions, 'scheduleId' | 'state'> & { readonly state: { readonly paused: boolean } },
  ): Promise<void> {
    const [client, { ScheduleAlreadyRunning }] = await this.#load()
    try {
      await client.schedule.create({ scheduleId, ...wanted })
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw this.#forget(error)
      try {
        await client.schedule.getHandle(scheduleId).update(() => wanted)
      } catch (failure) {
        throw this.#forget(failure)
      }
    }
  }

  async #load(): Promise<[Temporal.Client, typeof Temporal]> {
    this.#client ??= this.#connect()
    try {
      return [await this.#client, await import('@temporalio/client')]
    } catch (error) {
      throw this.#forget(error)
    }
  }

  /** Whatever it was, the row says that Temporal has not heard of it, and it is said again; on a fresh connection. */
  #forget(error: unknown): Refusal {
    const lost = this.#client
    this.#client = undefined
    void lost?.then((client) => client.connection.close()).catch(() => undefined)
    return new Refusal('WORKFLOWS_UNAVAILABLE', describe(error))
  }
}

function describe(error: unknown): string {
  const code = error instanceof Error ? error.name : 'unknown'
  return `The schedule is written down and reaches Temporal when it answers (${code}).`
}

function toTemporalSpec({ intervals, calendars, jitterMs }: ScheduleSpec): Temporal.ScheduleSpec {
  return {
    intervals: intervals.map(({ everyMs, offsetMs }) => ({ every: everyMs, offset: offsetMs })),
    calendars: calendars.map(({ hour, minute }) => ({ hour, minute })),
    ...(jitterMs > 0 && { jitter: jitterMs }),
  }
}
