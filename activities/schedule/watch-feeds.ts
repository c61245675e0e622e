import { withDistrict } from '../../db/database.ts'
import { readFeed } from '../../db/connect/read-feed.ts'
import { listSchedules, type ScheduleRow } from '../../db/schedule/schedules.ts'
import { judgeFeed } from '../../domain/schedule/judge-feed.ts'
import { hourMs } from '../../domain/schedule/schedule-settings.ts'
import { openSource } from '../connect/open-source.ts'
import type { ScheduleDependencies } from './schedule-dependencies.ts'
import type { WantedAlarm } from './watch-runs.ts'

/** The feeds of a district that are late; a paused one owes nothing. */
export async function watchFeeds(
  dependencies: ScheduleDependencies,
  district: { readonly id: string; readonly timeZone: string },
): Promise<readonly WantedAlarm[]> {
  const alarms: WantedAlarm[] = []
  for (const schedule of await withDistrict(dependencies.db, district.id, listSchedules)) {
    const alarm = schedule.isPaused ? undefined : await watchFeed(dependencies, district, schedule)
    if (alarm !== undefined) alarms.push(alarm)
  }
  return alarms
}

async function watchFeed(
  dependencies: ScheduleDependencies,
  { id: districtId, timeZone }: { readonly id: string; readonly timeZone: string },
  schedule: ScheduleRow,
): Promise<WantedAlarm | undefined> {
  const { connectionId, dataType, settings, activeSince } = schedule
  const feed = await withDistrict(dependencies.db, districtId, (trx) => readFeed(trx, schedule))
  const { isEnabled, blackouts, lastGoodEnd, lastFetch, waitsFor } = feed
  if (!isEnabled) return undefined
  // Settings that do not open are found by the next start, not by this check.
  const source = await openSource(dependencies, districtId, connectionId).catch(() => undefined)
  const verdict = judgeFeed({
    settings,
    timeZone,
    blackouts,
    activeSinceMs: activeSince.getTime(),
    lastGoodEndMs: lastGoodEnd?.getTime(),
    lastDataMs: source === undefined ? 'notApplicable' : lastFetch?.getTime(),
    nowMs: dependencies.now().getTime(),
  })
  if (!verdict.isLate) return undefined
  const lastSeenAt = verdict.lastSeenMs === undefined ? null : new Date(verdict.lastSeenMs).toISOString()
  const expectedEveryMs = settings.everyHours * hourMs
  const facts = { lastSeenAt, expectedEveryMs, ...(waitsFor.length > 0 && { waitsFor }) }
  return { districtId, kind: 'feedLate', connectionId, dataType, runId: null, facts }
}
