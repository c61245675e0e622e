import { setTimeout as sleep } from 'node:timers/promises'
import { withDistrict } from '../../db/database.ts'
import { findDistrict, listDistricts } from '../../db/access/districts.ts'
import {
  listUnpushedSchedules,
  lockUnpushedSchedule,
  recordPushed,
  type ScheduleKey,
  type ScheduleRow,
} from '../../db/schedule/schedules.ts'
import { deriveFiringWorkflowId, deriveScheduleId } from '../../domain/ids.ts'
import { deriveScheduleSpec } from '../../domain/schedule/derive-schedule-spec.ts'
import type { AppParts } from '../app-environment.ts'
import { derivePauseMs } from './derive-pause.ts'
import { Refusal } from '../failures.ts'
import type { KeptSchedule } from './schedule-keeper.ts'

type KeepParts = Pick<AppParts, 'db' | 'schedules' | 'log'>

const pauseMs = 10_000

/**
 * Tells Temporal of schedules that it has not heard of in their present form, because it was away or the API was killed
 * in between, and sees to the watchdog's own. Goes on until the signal; an outage is waited out.
 */
export async function keepSchedules(parts: KeepParts, signal: AbortSignal): Promise<void> {
  let hasWatchdog = false
  while (!signal.aborted) {
    const begun = performance.now()
    try {
      if (!hasWatchdog) await parts.schedules.putWatchdog()
      hasWatchdog = true
      for (const { id } of await listDistricts(parts.db)) {
        for (const key of await withDistrict(parts.db, id, listUnpushedSchedules)) await pushSchedule(parts, id, key)
      }
    } catch (error) {
      // The next round tries again; what is away is told by /api/health.
      parts.log.warn({ err: error }, 'schedules could not be brought in step')
    }
    await sleep(derivePauseMs(pauseMs, performance.now() - begun), undefined, { signal }).catch(() => undefined)
  }
}

/** As `pushSchedule`, for a request that need not wait for Temporal: what cannot be said now is said by keepSchedules. */
export async function tryPushSchedule(parts: KeepParts, districtId: string, key: ScheduleKey): Promise<void> {
  try {
    await pushSchedule(parts, districtId, key)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    parts.log.warn({ connectionId: key.connectionId, code: error.code }, 'a schedule waits until Temporal is back')
  }
}

/**
 * Tells Temporal of one schedule. The row stays locked meanwhile: Temporal's update is no compare-and-set, so there is
 * one writer at a time.
 */
async function pushSchedule({ db, schedules }: KeepParts, districtId: string, key: ScheduleKey): Promise<void> {
  const district = await findDistrict(db, districtId)
  if (district === undefined) return
  await withDistrict(db, districtId, async (trx) => {
    const row = await lockUnpushedSchedule(trx, key)
    if (row === undefined) return
    const schedule = toKept(row, district)
    if (row.isDeleted) await schedules.remove(schedule.scheduleId)
    else await schedules.put(schedule)
    await recordPushed(trx, row)
  })
}

function toKept(
  row: ScheduleRow,
  { slug, timeZone }: { readonly slug: string; readonly timeZone: string },
): KeptSchedule {
  const { districtId, connectionId, dataType, settings, isPaused } = row
  return {
    scheduleId: deriveScheduleId(slug, dataType, connectionId),
    workflowId: deriveFiringWorkflowId(slug, dataType, connectionId),
    ...{ districtId, district: slug, connectionId, dataType, isPaused },
    spec: deriveScheduleSpec({ settings, timeZone, seed: connectionId }, Date.now()),
  }
}
