import type { Layout } from './layout.ts'
import type { RosterRecord } from './records.ts'

type Lifecycle = Pick<RosterRecord, 'status' | 'dateLastModified'>

const dayMs = 86_400_000

/** The date of day `day` of the district: day 1 is 1 September of the present school year. */
export function dateOfDay(layout: Layout, day: number): string {
  return new Date(Date.UTC(layout.startYear, 8, day)).toISOString().slice(0, 10)
}

/**
 * When something was last touched and what it is by now. `number` spreads the instants: untouched records are from the
 * thirty days before day 1, those of later days from the hours before 04:00 of that day.
 */
export function lifecycleOf(
  layout: Layout,
  number: number,
  touched: { readonly changedOn?: number | undefined; readonly removedOn?: number | undefined } = {},
): Lifecycle {
  const { changedOn, removedOn } = touched
  const day = Math.max(changedOn ?? 0, removedOn ?? 0)
  const at =
    day >= 1
      ? layout.firstNight + (day - 1) * dayMs - (number % 10_800_000)
      : layout.firstNight - dayMs - ((number * 7919) % (29 * dayMs))
  return { status: removedOn === undefined ? 'active' : 'tobedeleted', dateLastModified: formatInstant(at) }
}

const dates = new Map<number, string>()

/** As toISOString, which would take half of the time in which a record is made. */
function formatInstant(ms: number): string {
  const day = Math.floor(ms / dayMs)
  let date = dates.get(day)
  if (date === undefined) dates.set(day, (date = new Date(ms).toISOString().slice(0, 11)))
  const rest = ms - day * dayMs
  return `${date}${padded(rest / 3_600_000, 2)}:${padded((rest / 60_000) % 60, 2)}:${padded((rest / 1000) % 60, 2)}.${padded(rest % 1000, 3)}Z`
}

function padded(value: number, width: number): string {
  return String(Math.floor(value)).padStart(width, '0')
}

/** The day on which every `every`-th is hit, if that day has come: `first` on day `fromDay`, the next on the next day. */
function dayOfHit(layout: Layout, number: number, every: number, first: number, fromDay: number): number | undefined {
  const day = (number % every) - first + fromDay
  return day >= fromDay && day <= layout.day ? day : undefined
}

export const leftOn = (layout: Layout, number: number): number | undefined => dayOfHit(layout, number, 97, 11, 1)
export const renamedOn = (layout: Layout, number: number): number | undefined => dayOfHit(layout, number, 50, 5, 2)
export const guardianLeftOn = (layout: Layout, family: number): number | undefined =>
  dayOfHit(layout, family, 89, 17, 1)
export const classClosedOn = (layout: Layout, index: number): number | undefined => dayOfHit(layout, index, 59, 7, 2)
export const enrollmentEndedOn = (layout: Layout, number: number): number | undefined =>
  dayOfHit(layout, number, 101, 12, 2)
export const retitledOn = (layout: Layout, index: number): number | undefined => dayOfHit(layout, index, 71, 20, 2)

/** Students beyond those of day 1 came in equal numbers on the days after it. */
export function cameOn(layout: Layout, number: number): number | undefined {
  if (number <= layout.firstDayStudents) return undefined
  return 2 + Math.floor((number - layout.firstDayStudents - 1) / Math.ceil(layout.firstDayStudents / 100))
}

/** The latest of the days on which something came to pass, if anything did. */
export function lastOf(...days: readonly (number | undefined)[]): number | undefined {
  const past = days.filter((day) => day !== undefined)
  return past.length === 0 ? undefined : Math.max(...past)
}
