import { z } from 'zod'

const LocalTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'a time of the day as HH:MM, 00:00 to 23:59')

/**
 * When a data type of a connection is imported by itself. Every 4 or 12 hours at times of
 * the connection's own, or once a day at a local time of the district.
 */
export const scheduleShape = {
  everyHours: z.union([z.literal(4), z.literal(12), z.literal(24)]),
  /** Only with 24, and needed there. */
  at: LocalTime.optional(),
  /** Each start is moved by a length of its own up to this, so that districts with one time do not start at once. */
  spreadMinutes: z.int().min(0).max(60).default(15),
  /** A start that could not be made, because everything was down, is made up for if it is no older than this. */
  catchUpMinutes: z.int().min(1).max(720).default(60),
  /** The feed is late when nothing has come for this long; twice the interval unless said. */
  lateAfterHours: z.int().min(1).max(2400).optional(),
}

export const timeRule = {
  error: ({ input }: { readonly input?: unknown }) =>
    typeof input === 'object' && input !== null && 'everyHours' in input && input.everyHours === 24
      ? 'is missing; every 24 hours needs the local time of the district, such as 02:30'
      : 'goes with every 24 hours alone; leave it out',
  path: ['at'],
}

export function hasItsTime({
  everyHours,
  at,
}: {
  readonly everyHours: number
  readonly at?: string | undefined
}): boolean {
  return (everyHours === 24) === (at !== undefined)
}

export const ScheduleSettings = z.strictObject(scheduleShape).refine(hasItsTime, timeRule)
export type ScheduleSettings = z.infer<typeof ScheduleSettings>

/** How long nothing may come before the feed is late. */
export function deriveLateAfterMs({ everyHours, lateAfterHours }: ScheduleSettings): number {
  return (lateAfterHours ?? 2 * everyHours) * hourMs
}

export const hourMs = 3_600_000
export const minuteMs = 60_000
