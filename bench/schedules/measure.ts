import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { startStack, type Stack } from '../../stack/stack.ts'
import { perPiece, readCpuSeconds, type CpuSeconds } from '../cpu-seconds.ts'
import { fireRound } from './fire-round.ts'
import { FleetRecord } from './fleet-record.ts'
import { inParallel } from './in-parallel.ts'
import { dropPackage, makeFleet, type Member } from './make-fleet.ts'
import { rateRound, type RoundRating } from './rate-round.ts'
import { untilAll } from './until-all.ts'

export type SchedulesRequest = {
  readonly districts: number
  /** Of each district. */
  readonly students: number
  /** The interval of each schedule. An hour is what is asked for; a shorter one is as much more load. */
  readonly periodMinutes: number
}

/** CPU time in milliseconds for each district, by process; null where the system does not tell. */
type Cpu = { readonly cpuMilliseconds: CpuSeconds | null }
export type ScheduleRound = RoundRating & {
  /** Nothing was left: each district's schedule fired, and its run ended. */
  readonly isDrained: boolean
  readonly notDone: Readonly<Record<string, number>>
} & Cpu

export type SchedulesBench = SchedulesRequest & {
  readonly spreadMinutes: number
  readonly setUpSeconds: number
  /** The first imports, all asked for at once. */
  readonly first: { readonly seconds: number } & Cpu
  readonly unchanged: ScheduleRound
  readonly changed: ScheduleRound
}

/** As in production: a quarter of an hour of every hour. */
const spreadShare = 0.25
/** One student in a hundred. */
const changedEvery = 100
const callsAtOnce = 4
const firstPatienceMs = 120_000

/**
 * Gives so many districts a watched folder and a Temporal Schedule each, in one throw-away stack, and lets every one
 * become due twice: once with the package it has imported before, once with one in which 1 % of the rows differ.
 * `report` receives one line a step. Throws when a round could not be carried out at all.
 */
export async function runSchedulesBench(
  request: SchedulesRequest & { readonly report: (line: string) => void },
): Promise<SchedulesBench> {
  const { report, districts, students, periodMinutes } = request
  const folder = await mkdtemp(join(tmpdir(), 'rollbook-bench-'))
  try {
    const stack = await startStack({ dataDirectory: join(folder, 'stack'), isThrowAway: true })
    const connection = await Connection.connect({ address: stack.temporalAddress })
    const record = await FleetRecord.connect(stack.databaseUrl)
    try {
      const client = new Client({ connection })
      const started = performance.now()
      const fleet = await makeFleet(stack, { districts, dropRoot: join(folder, 'stack', 'drop') })
      await inParallel(fleet, callsAtOnce, (member) => dropPackage(member, { students }))
      const setUpSeconds = secondsSince(started)
      report(`${String(districts)} districts made: ${String(setUpSeconds)} s`)
      const first = await importFirst(stack, client, record, fleet)
      report(`first imports: ${String(first.seconds)} s`)

      const periodMs = Math.round(periodMinutes * 60) * 1000
      const spreadMs = Math.floor(periodMs * spreadShare)
      const fire = async (what: string): Promise<ScheduleRound> => {
        const before = await readCpuSeconds(stack.pidsFile)
        const { firings, notDone } = await fireRound({ client, record, fleet, periodMs, spreadMs })
        const cpuMilliseconds = compareCpu(before, await readCpuSeconds(stack.pidsFile), districts)
        if (firings.length === 0) throw new Error(`no schedule was done: ${JSON.stringify(notDone)}`)
        const rating = rateRound(firings)
        report(`${what}: ${String(rating.done)} done, median ${String(rating.dueToDone.median)} s`)
        return { ...rating, isDrained: firings.length === districts, notDone, cpuMilliseconds }
      }
      const unchanged = await fire('unchanged')
      await inParallel(fleet, callsAtOnce, (member) => dropPackage(member, { students, changedEvery }))
      const changed = await fire('1 % changed')
      const spreadMinutes = spreadMs / 60_000
      return { districts, students, periodMinutes, spreadMinutes, setUpSeconds, first, unchanged, changed }
    } finally {
      await record.close()
      await connection.close()
      await stack.stop()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function importFirst(
  stack: Stack,
  client: Client,
  record: FleetRecord,
  fleet: readonly Member[],
): Promise<SchedulesBench['first']> {
  const before = await readCpuSeconds(stack.pidsFile)
  const started = performance.now()
  await inParallel(fleet, callsAtOnce, ({ scheduleId }) => client.schedule.getHandle(scheduleId).trigger())
  const areServed = await untilAll(fleet.length, () => record.countServed(), { giveUpMs: firstPatienceMs })
  if (!areServed) throw new Error('the first imports do not get on')
  const seconds = secondsSince(started)
  return { seconds, cpuMilliseconds: compareCpu(before, await readCpuSeconds(stack.pidsFile), fleet.length) }
}

function compareCpu(before: CpuSeconds | undefined, after: CpuSeconds | undefined, pieces: number): CpuSeconds | null {
  return before === undefined || after === undefined ? null : perPiece(before, after, pieces)
}

function secondsSince(startedMs: number): number {
  return Math.round((performance.now() - startedMs) / 10) / 100
}
