import type { Client } from '@temporalio/client'
import { inParallel } from './in-parallel.ts'
import type { FleetRecord } from './fleet-record.ts'
import type { Member } from './make-fleet.ts'
import type { Firing } from './rate-round.ts'
import { untilAll } from './until-all.ts'

export type RoundRequest = {
  readonly client: Client
  readonly record: FleetRecord
  readonly fleet: readonly Member[]
  /** The interval of the schedules, into which their starts are spread. */
  readonly periodMs: number
  /** Each start is moved by up to this besides. */
  readonly spreadMs: number
}

export type Round = {
  readonly firings: readonly Firing[]
  /** Firings of which no run came, and runs that had not ended when they were given up, by what they are. */
  readonly notDone: Readonly<Record<string, number>>
}

const callsAtOnce = 8
/** Until the first start is due; the others are told of theirs while the first ones run. */
const leadMs = 10_000
const leastPatienceMs = 120_000

/** Lets the Schedule of each member become due once within a period, and waits until all is done. */
export async function fireRound({ client, record, fleet, periodMs, spreadMs }: RoundRequest): Promise<Round> {
  const fromMs = Math.ceil((Date.now() + leadMs) / 1000) * 1000
  const toMs = fromMs + periodMs
  // Temporal counts in whole seconds.
  const offsetOf = ({ phase }: Member) => Math.floor((phase * periodMs) / 1000) * 1000
  const inOrder = fleet.toSorted((a, b) => a.phase - b.phase)
  await inParallel(inOrder, callsAtOnce, async (member) => {
    const offset = (fromMs + offsetOf(member)) % periodMs
    const spec = {
      intervals: [{ every: periodMs, offset }],
      startAt: new Date(fromMs),
      endAt: new Date(toMs - 1000),
      jitter: spreadMs,
    }
    await client.schedule.getHandle(member.scheduleId).update((schedule) => ({ ...schedule, spec }))
    if (Date.now() > fromMs + offsetOf(member)) throw new Error('Temporal was told too late; take a longer period')
  })
  // What has not come by then is told; nobody waits for ever.
  const giveUpMs = Math.max(periodMs, leastPatienceMs)
  await untilAll(fleet.length, () => record.countOver(fromMs, toMs), { notBeforeMs: toMs + spreadMs, giveUpMs })
  return await collect(client, record, fleet, fromMs, toMs)
}

async function collect(
  client: Client,
  record: FleetRecord,
  fleet: readonly Member[],
  fromMs: number,
  toMs: number,
): Promise<Round> {
  const dues = new Map<string, number>()
  await inParallel(fleet, callsAtOnce, async ({ district, scheduleId }) => {
    const { info } = await client.schedule.getHandle(scheduleId).describe()
    const due = info.recentActions.find(({ scheduledAt }) => scheduledAt.getTime() >= fromMs)?.scheduledAt
    if (due !== undefined) dues.set(district, due.getTime())
  })
  const firings: Firing[] = []
  const notDone: Record<string, number> = {}
  const leaveOut = (what: string) => (notDone[what] = (notDone[what] ?? 0) + 1)
  const recorded = new Map((await record.listFirings(fromMs, toMs)).map((firing) => [firing.district, firing]))
  for (const { district } of fleet) {
    const found = recorded.get(district)
    const dueMs = dues.get(district)
    if (found === undefined || dueMs === undefined) leaveOut(dueMs === undefined ? 'notFired' : 'notDecided')
    else if (found.state === null) leaveOut(found.outcome)
    else if (found.doneMs === null) leaveOut(found.state)
    else {
      const { decidedMs, doneMs, state } = found
      firings.push({ district, dueMs, decidedMs, startedMs: found.startedMs ?? doneMs, doneMs, state })
    }
  }
  return { firings, notDone }
}
