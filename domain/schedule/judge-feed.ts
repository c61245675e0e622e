import { findRange, type DateRange } from './date-ranges.ts'
import { deriveFiring } from './derive-firing.ts'
import { deriveLocalTime } from './local-time.ts'
import { deriveLateAfterMs, hourMs, type ScheduleSettings } from './schedule-settings.ts'

/** Instants in epoch milliseconds; undefined: never. */
export type FeedFacts = {
  readonly settings: ScheduleSettings
  readonly timeZone: string
  readonly blackouts: readonly DateRange[]
  /** Since when runs are owed. */
  readonly activeSinceMs: number
  /** When a run last brought the records in step, or found that they are. */
  readonly lastGoodEndMs: number | undefined
  /** When the source last had something new. Not applicable where a run reads its source by itself. */
  readonly lastDataMs: number | undefined | 'notApplicable'
  readonly nowMs: number
}

export type FeedVerdict = {
  readonly isLate: boolean
  readonly lateAtMs: number
  readonly lastSeenMs: number | undefined
}

/**
 * A feed is late when no run has ended well, or its source has had nothing new, for longer than the schedule allows.
 * Time in a blackout does not count: the clock starts again behind it.
 */
export function judgeFeed(facts: FeedFacts): FeedVerdict {
  const { settings, timeZone, blackouts, activeSinceMs, lastGoodEndMs, lastDataMs, nowMs } = facts
  const isInBlackout = findRange(blackouts, deriveLocalTime(nowMs, timeZone).date) !== undefined
  const blackoutEnds = blackouts.map(({ to }) => deriveFiring(to, '00:00', timeZone) + 24 * hourMs)
  const owedSinceMs = Math.max(activeSinceMs, ...blackoutEnds.filter((end) => end <= nowMs))
  const signs = lastDataMs === 'notApplicable' ? [lastGoodEndMs] : [lastGoodEndMs, lastDataMs]
  const oldest = Math.min(...signs.map((sign) => Math.max(sign ?? 0, owedSinceMs)))
  const lateAtMs = oldest + deriveLateAfterMs(settings)
  const seen = signs.every((sign) => sign !== undefined) ? Math.min(...signs) : undefined
  return { isLate: !isInBlackout && nowMs > lateAtMs, lateAtMs, lastSeenMs: seen }
}
