import assert from 'node:assert/strict'
import fc from 'fast-check'
import { deriveFiring, isFiring, listLocalDays, minutesOf } from '../../../domain/schedule/derive-firing.ts'
import { deriveNextDue, deriveScheduleSpec, isDue } from '../../../domain/schedule/derive-schedule-spec.ts'
import { deriveLocalTime } from '../../../domain/schedule/local-time.ts'
import { hourMs, minuteMs, ScheduleSettings } from '../../../domain/schedule/schedule-settings.ts'

const daily = (at: string) => ScheduleSettings.parse({ everyHours: 24, at })
const now = Date.parse('2026-01-15T12:00:00Z')

/** Every minute of a local day at which Temporal asks. */
function askedOn(date: string, at: string, timeZone: string): number[] {
  const { calendars } = deriveScheduleSpec({ settings: daily(at), timeZone, seed: 'x' }, now)
  const times = new Set(calendars.map(({ hour, minute }) => hour * 60 + minute))
  const noon = Date.parse(`${date}T12:00:00Z`)
  const asked: number[] = []
  for (let instant = noon - 30 * hourMs; instant < noon + 30 * hourMs; instant += minuteMs) {
    const isAsked = times.has(deriveLocalTime(instant, 'UTC').minutes)
    if (isAsked && deriveLocalTime(instant, timeZone).date === date) asked.push(instant)
  }
  return asked
}

describe('a schedule at a local time', () => {
  for (const [timeZone, date, at, due] of [
    // Clocks go from 02:00 to 03:00: there is no 02:30, which is taken as 03:30.
    ['America/New_York', '2026-03-08', '02:30', '2026-03-08T07:30:00Z'],
    ['Europe/Berlin', '2026-03-29', '02:30', '2026-03-29T01:30:00Z'],
    // From 02:00 back to 01:00, in Berlin from 03:00 back to 02:00.
    ['America/New_York', '2026-11-01', '02:30', '2026-11-01T07:30:00Z'],
    ['America/New_York', '2026-11-01', '01:30', '2026-11-01T05:30:00Z'],
    ['Europe/Berlin', '2026-10-25', '02:30', '2026-10-25T00:30:00Z'],
    ['Europe/Berlin', '2026-07-01', '02:30', '2026-07-01T00:30:00Z'],
    // A jump of half an hour.
    ['Australia/Lord_Howe', '2026-10-04', '02:15', '2026-10-03T15:45:00Z'],
  ] as const) {
    it(`is due once on ${date} at ${at} in ${timeZone}`, () => {
      const asked = askedOn(date, at, timeZone)
      const starts = asked.filter((instant) => isDue({ settings: daily(at), timeZone }, instant))
      assert.deepEqual(
        starts.map((instant) => new Date(instant).toISOString()),
        [new Date(due).toISOString()],
      )
    })
  }

  it('is due at exactly one minute of every local day, in every zone', () => {
    const zones = ['America/New_York', 'Europe/Berlin', 'America/Sao_Paulo', 'Africa/Cairo', 'Asia/Kathmandu', 'UTC']
    const minute = fc.integer({ min: 0, max: 1439 })
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 3650 }), minute, (timeZone, day, time) => {
        const at = `${String(Math.floor(time / 60)).padStart(2, '0')}:${String(time % 60).padStart(2, '0')}`
        const [date = ''] = listLocalDays(Date.parse('2020-01-01T12:00:00Z') + day * 24 * hourMs, timeZone)
        const due = deriveFiring(date, at, timeZone)
        const local = deriveLocalTime(due, timeZone)
        assert.equal(local.date, date)
        assert.ok(local.minutes >= minutesOf(at))
        const twins = [-60, -30, 30, 60].filter((minutes) => isFiring(due + minutes * minuteMs, at, timeZone))
        assert.deepEqual(twins, [])
      }),
    )
  })

  it('is asked about once a day in a zone without summer time, and twice in one with it', () => {
    const spec = (timeZone: string) => deriveScheduleSpec({ settings: daily('02:30'), timeZone, seed: 'x' }, now)
    assert.deepEqual(spec('Asia/Kathmandu').calendars, [{ hour: 20, minute: 45 }])
    assert.deepEqual(spec('America/New_York').calendars, [
      { hour: 6, minute: 30 },
      { hour: 7, minute: 30 },
    ])
  })

  it('is next due on the following day once its time has passed', () => {
    const facts = { settings: daily('02:30'), timeZone: 'America/New_York', seed: 'x' }
    const next = (after: string) => new Date(deriveNextDue(facts, Date.parse(after))).toISOString()
    assert.equal(next('2026-03-07T07:29:00Z'), '2026-03-07T07:30:00.000Z')
    assert.equal(next('2026-03-07T07:30:00Z'), '2026-03-08T07:30:00.000Z')
    assert.equal(next('2026-03-08T07:30:00Z'), '2026-03-09T06:30:00.000Z')
  })
})

describe('a schedule of some hours', () => {
  const settings = ScheduleSettings.parse({ everyHours: 4 })
  const phase = (seed: string) =>
    deriveScheduleSpec({ settings, timeZone: 'UTC', seed }, now).intervals[0]?.offsetMs ?? -1

  it('has a place of its own in the interval, so that a thousand districts do not start together', () => {
    const counts = new Map<number, number>()
    for (let district = 0; district < 1000; district++) {
      const slot = Math.floor(phase(`0198a000-0000-7000-8000-${String(district).padStart(12, '0')}`) / (10 * minuteMs))
      counts.set(slot, (counts.get(slot) ?? 0) + 1)
    }
    assert.equal(counts.size, 24)
    assert.ok(Math.max(...counts.values()) < 100)
    assert.equal(phase('a'), phase('a'))
  })

  it('is due at that place of every interval', () => {
    const next = deriveNextDue({ settings, timeZone: 'UTC', seed: 'a' }, now)
    assert.ok(next > now && next <= now + 4 * hourMs)
    assert.equal(next % (4 * hourMs), phase('a'))
  })
})

describe('the settings of a schedule', () => {
  it('need a local time every 24 hours, and take none otherwise', () => {
    for (const wrong of [
      { everyHours: 24 },
      { everyHours: 4, at: '02:00' },
      { everyHours: 6 },
      { everyHours: 24, at: '24:00' },
    ]) {
      assert.equal(ScheduleSettings.safeParse(wrong).success, false)
    }
    assert.equal(ScheduleSettings.parse({ everyHours: 12 }).catchUpMinutes, 60)
  })
})
