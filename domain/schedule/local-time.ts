import { minuteMs } from './schedule-settings.ts'

/** A reading of a wall clock: `date` is `YYYY-MM-DD`, `minutes` counts from midnight. */
export type LocalTime = { readonly date: string; readonly minutes: number }

const formats = new Map<string, Intl.DateTimeFormat>()

/** What clocks of the zone show at an instant (epoch milliseconds). Throws RangeError for a zone that does not exist. */
export function deriveLocalTime(instantMs: number, timeZone: string): LocalTime {
  let format = formats.get(timeZone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en', {
      timeZone,
      hourCycle: 'h23',
      ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
    })
    formats.set(timeZone, format)
  }
  const parts = new Map(format.formatToParts(instantMs).map(({ type, value }) => [type, value]))
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? ''
  return {
    date: `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`,
    minutes: Number(part('hour')) * 60 + Number(part('minute')),
  }
}

/** As if the clock were one of UTC; epoch milliseconds. */
export function readAsUtc({ date, minutes }: LocalTime): number {
  return Date.parse(`${date}T00:00:00Z`) + minutes * minuteMs
}

/** How far clocks of the zone are ahead of UTC at an instant, in milliseconds. */
export function deriveOffsetMs(instantMs: number, timeZone: string): number {
  const wholeMinute = Math.floor(instantMs / minuteMs) * minuteMs
  return readAsUtc(deriveLocalTime(wholeMinute, timeZone)) - wholeMinute
}
