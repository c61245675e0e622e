import { Hash64 } from '../hash64.ts'
import { deriveFiring, isFiring, listLocalDays } from './derive-firing.ts'
import { deriveLocalTime } from './local-time.ts'
import { hourMs, minuteMs, type ScheduleSettings } from './schedule-settings.ts'

/** When Temporal starts something, in the words of its Schedules; nothing of its SDK. Calendars are of UTC. */
export type ScheduleSpec = {
  readonly intervals: readonly { readonly everyMs: number; readonly offsetMs: number }[]
  readonly calendars: readonly { readonly hour: number; readonly minute: number }[]
  readonly jitterMs: number
  readonly catchUpMs: number
}

export type ScheduleFacts = {
  readonly settings: ScheduleSettings
  /** Of the district. */
  readonly timeZone: string
  /** Spreads schedules of one interval over it; the id of the connection. */
  readonly seed: string
}

/** Changes of the clock are looked for this far ahead; what follows from them holds for good. */
const lookAheadDays = 800

/**
 * The times at which Temporal has to ask, all in UTC. Its calendars compare the clock of a zone literally, with results
 * of their own where a time exists twice or not at all. So it asks at every time of UTC at which the schedule is ever
 * due, two in a zone with summer time, and `isDue` says which of the askings is the day's start.
 */
export function deriveScheduleSpec({ settings, timeZone, seed }: ScheduleFacts, nowMs: number): ScheduleSpec {
  const { everyHours, at, spreadMinutes, catchUpMinutes } = settings
  const rest = { jitterMs: spreadMinutes * minuteMs, catchUpMs: catchUpMinutes * minuteMs }
  if (at === undefined) {
    return { ...rest, intervals: [{ everyMs: everyHours * hourMs, offsetMs: phaseOf(settings, seed) }], calendars: [] }
  }
  const times = new Set<number>()
  let daysLeft = lookAheadDays
  for (const date of listLocalDays(nowMs, timeZone)) {
    if (daysLeft-- === 0) break
    times.add(deriveLocalTime(deriveFiring(date, at, timeZone), 'UTC').minutes)
  }
  const calendars = [...times].toSorted((a, b) => a - b)
  return {
    ...rest,
    intervals: [],
    calendars: calendars.map((time) => ({ hour: Math.floor(time / 60), minute: time % 60 })),
  }
}

/** Whether a time at which Temporal asked is one at which the schedule is due (see `deriveScheduleSpec`). */
export function isDue({ settings, timeZone }: Omit<ScheduleFacts, 'seed'>, instantMs: number): boolean {
  return settings.at === undefined || isFiring(instantMs, settings.at, timeZone)
}

/** The next time the schedule is due, strictly after an instant; epoch milliseconds, without the spread. */
export function deriveNextDue({ settings, timeZone, seed }: ScheduleFacts, afterMs: number): number {
  const { everyHours, at } = settings
  if (at === undefined) {
    const everyMs = everyHours * hourMs
    const offsetMs = phaseOf(settings, seed)
    return (Math.floor((afterMs - offsetMs) / everyMs) + 1) * everyMs + offsetMs
  }
  for (const date of listLocalDays(afterMs, timeZone)) {
    const due = deriveFiring(date, at, timeZone)
    if (due > afterMs) return due
  }
  throw new Error('the days of a calendar do not end')
}

/** Where in its interval a schedule has its place, to the minute. */
function phaseOf({ everyHours }: ScheduleSettings, seed: string): number {
  const hash = new Hash64().reset().text(seed).finish()
  return (hash.hi % (everyHours * 60)) * minuteMs
}
