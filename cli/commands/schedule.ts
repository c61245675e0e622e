import type { ConnectionHealth } from '../../api/contract/connection-health.ts'
import type { Page } from '../../api/contract/paging.ts'
import type { Firing, PutSchedule, Schedule } from '../../api/contract/schedule.ts'
import { formatInstant } from '../../domain/format-instant.ts'
import { connectToServer } from '../server/connect.ts'
import { readDistrictClocks } from '../server/district-clocks.ts'
import { CommandFailure, exitCodes } from '../exit-codes.ts'
import { printJson, printLine, printTable, say } from '../print.ts'
import type { JsonFlag } from '../options.ts'
import type { ScheduleFlags, ScheduleListFlags, ScheduleLogFlags, SetScheduleFlags } from '../schedule-commands.ts'

export async function setSchedule(options: SetScheduleFlags): Promise<number> {
  const { every, at, spread, catchUp, lateAfter, schools, blackout, additionsOnly } = options
  const everyHours = readInterval(every, at)
  const request: PutSchedule = {
    everyHours,
    ...(at !== undefined && { at }),
    ...(spread !== undefined && { spreadMinutes: spread }),
    ...(catchUp !== undefined && { catchUpMinutes: catchUp }),
    ...(lateAfter !== undefined && { lateAfterHours: lateAfter }),
    ...(schools !== undefined && { schools: schools === 'all' ? 'all' : schools.split(',') }),
    ...readRanges('blackouts', blackout),
    ...readRanges('additionsOnly', additionsOnly),
  }
  const schedule = await connectToServer().sendForJson<Schedule>('PUT', pathOf(options), { json: request })
  return await printSchedule(schedule, options)
}

export async function showSchedule(options: ScheduleFlags): Promise<number> {
  return await printSchedule(await connectToServer().get<Schedule>(pathOf(options)), options)
}

export async function changeSchedule(verb: 'pause' | 'resume', options: ScheduleFlags): Promise<number> {
  return await printSchedule(await connectToServer().post<Schedule>(`${pathOf(options)}/${verb}`, {}), options)
}

export async function removeSchedule(options: ScheduleFlags): Promise<number> {
  await connectToServer().send('DELETE', pathOf(options))
  if (options.json) await printJson({ connection: options.connection, dataType: options.dataType, isRemoved: true })
  say('There is no schedule any more; the configuration stays.')
  return exitCodes.done
}

export async function listSchedules(options: ScheduleListFlags): Promise<number> {
  const { items } = await connectToServer().get<{ items: Schedule[] }>('/api/schedules', { district: options.district })
  if (options.json) await printJson(items)
  else
    await printTable(
      ['connection', 'district', 'data type', 'every', 'next'],
      items.map((one) => [
        one.connection,
        one.district,
        one.dataType,
        describeInterval(one),
        `${one.nextDueAt === null ? 'paused' : formatInstant(one.nextDueAt, one.timeZone)}${one.waitsFor.length === 0 ? '' : `, waits for ${one.waitsFor.join(' and ')}`}`,
      ]),
    )
  return exitCodes.done
}

export async function showScheduleLog(options: ScheduleLogFlags): Promise<number> {
  const query = { limit: Math.min(options.limit, 1000) }
  const api = connectToServer()
  const { items } = await api.get<Page<Firing>>(`${pathOf(options)}/firings`, query)
  if (options.json) await printJson(items)
  else {
    const { timeZone } = await api.get<Schedule>(pathOf(options))
    await printTable(
      ['due', 'times', 'run', 'what came of it'],
      items.map(({ dueAt, count, runId, setId, outcomeText, waitsFor }) => {
        return [
          dueAt === null ? '' : formatInstant(dueAt, timeZone),
          String(count),
          runId ?? (setId === null ? '' : `set ${setId}`),
          `${outcomeText}${describeWait(waitsFor)}`,
        ]
      }),
    )
  }
  return exitCodes.done
}

/** Exit code 0 when healthy, 4 when something asks for a person. */
export async function showConnectionHealth(id: string, options: JsonFlag): Promise<number> {
  const api = connectToServer()
  const health = await api.get<ConnectionHealth>(`/api/connections/${encodeURIComponent(id)}/health`)
  if (options.json) await printJson(health)
  else {
    await printLine(`Connection ${health.status}${health.statusReason === null ? '' : `: ${health.statusReason}`}`)
    const clocks = await readDistrictClocks(api)
    const show = (at: string | null, none: string): string => (at === null ? none : clocks(health.district, at))
    for (const { dataType, isLate, lateAt, lastGoodEndAt, nextDueAt, waitsFor } of health.feeds) {
      const lateness = isLate ? `LATE since ${show(lateAt, '')}` : `late at ${show(lateAt, '')}`
      await printLine(
        `${dataType}: last good end ${show(lastGoodEndAt, 'never')}, next ${show(nextDueAt, 'paused')}, ${lateness}.${describeWait(waitsFor)}`,
      )
    }
    for (const { dataType, runId, reason } of health.refusedInputs) {
      await printLine(`${dataType}: the newest input was refused (run ${runId}): ${reason}`)
    }
    for (const { kind, text, runId, openedAt } of health.alarms) {
      await printLine(`${show(openedAt, '')} ${kind}${runId === null ? '' : ` (run ${runId})`}: ${text}`)
    }
  }
  return health.isHealthy ? exitCodes.done : exitCodes.openAlerts
}

function pathOf({ connection, dataType }: ScheduleFlags): string {
  return `/api/connections/${encodeURIComponent(connection)}/schedules/${encodeURIComponent(dataType)}`
}

async function printSchedule(schedule: Schedule, options: JsonFlag): Promise<number> {
  if (options.json) await printJson(schedule)
  const next =
    schedule.nextDueAt === null ? 'It is paused.' : `Next: ${formatInstant(schedule.nextDueAt, schedule.timeZone)}.`
  say(
    `${schedule.dataType} of ${schedule.district}, ${describeInterval(schedule)}. ${next}${describeWait(schedule.waitsFor)}`,
  )
  if (!schedule.isInForce) say('Temporal does not answer just now; the schedule comes into force when it does.')
  return exitCodes.done
}

/** What has to be imported first; nothing where nothing has. */
function describeWait(waitsFor: readonly string[]): string {
  return waitsFor.length === 0 ? '' : ` It waits for the first import of ${waitsFor.join(' and ')}.`
}

/** Told in the words of the command line; the server's are those of its own fields. */
function readInterval(every: number, at: string | undefined): PutSchedule['everyHours'] {
  if (every !== 4 && every !== 12 && every !== 24) {
    throw new CommandFailure(`--every ${every} is not possible: write 4, 12 or 24 hours`, exitCodes.wrongUsage)
  }
  if (every === 24 && at === undefined) {
    throw new CommandFailure(
      '--every 24 needs the local time of the district besides, such as --at 02:30',
      exitCodes.wrongUsage,
    )
  }
  if (every !== 24 && at !== undefined) {
    throw new CommandFailure(`--at goes with --every 24 alone; leave it out, or write --every 24`, exitCodes.wrongUsage)
  }
  return every
}

function describeInterval({ everyHours, at, timeZone }: Schedule): string {
  return at === null ? `every ${everyHours} hours` : `every day at ${at} (${timeZone})`
}

/** `true` is what commander gives for an option of which only the negation has a default. */
function readRanges(
  name: 'blackouts' | 'additionsOnly',
  given: readonly string[] | boolean | undefined,
): Pick<PutSchedule, 'blackouts' | 'additionsOnly'> {
  if (given === undefined || given === true) return {}
  if (given === false) return { [name]: [] }
  return { [name]: given.map(readRange) }
}

function readRange(text: string): { from: string; to: string } {
  const [from, to] = text.split('..')
  if (from === undefined || to === undefined) {
    throw new CommandFailure(`"${text}" is not a range of days as 2026-12-20..2027-01-03`, exitCodes.wrongUsage)
  }
  return { from, to }
}
