import { deriveLocalTime, deriveOffsetMs, readAsUtc } from './local-time.ts'
import { hourMs } from './schedule-settings.ts'

const dayMs = 24 * hourMs

/**
 * The one instant (epoch milliseconds) at which a daily schedule is due on a local day, whatever clocks do on it: a
 * time that exists twice is taken the first time, and one that clocks jump over is taken as much later as they jump,
 * so that 02:30 of a day without it is 03:30 (docs/decisions/0016-one-start-a-day-over-clock-changes.md).
 */
export function deriveFiring(date: string, at: string, timeZone: string): number {
  const asUtc = readAsUtc({ date, minutes: minutesOf(at) })
  const before = asUtc - deriveOffsetMs(asUtc - dayMs, timeZone)
  const after = asUtc - deriveOffsetMs(asUtc + dayMs, timeZone)
  const isThere = (instant: number) => instant + deriveOffsetMs(instant, timeZone) === asUtc
  return !isThere(before) && isThere(after) ? after : before
}

/** Whether a daily schedule is due at this very instant, and not at another one of the same local day. */
export function isFiring(instantMs: number, at: string, timeZone: string): boolean {
  return deriveFiring(deriveLocalTime(instantMs, timeZone).date, at, timeZone) === instantMs
}

/** Minutes since midnight of `HH:MM`. */
export function minutesOf(at: string): number {
  const [hours = 0, minutes = 0] = at.split(':').map(Number)
  return hours * 60 + minutes
}

/** Local days from the one of an instant on, `YYYY-MM-DD`. */
export function* listLocalDays(fromMs: number, timeZone: string): Generator<string> {
  const first = readAsUtc({ date: deriveLocalTime(fromMs, timeZone).date, minutes: 0 })
  for (let day = first; ; day += dayMs) yield deriveLocalTime(day, 'UTC').date
}
