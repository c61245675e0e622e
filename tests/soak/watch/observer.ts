import type { Stack } from '../../../stack/stack.ts'
import type { Journal } from '../journal.ts'
import type { ProcessLife } from './memory.ts'
import { countHandles, readPids, readResidentMiB } from './processes.ts'

export type HandleCount = { readonly at: string; readonly total: number } & Readonly<Record<string, number | string>>

const followed = ['worker', 'api'] as const
const pauseMs = 5000
/** Beyond the first count of a life at rest: sockets to keep, and a file that is just being read. */
const moreHandlesAllowed = 12

/** Follows worker and API: their memory all the time, their handles whenever all is at rest. */
export class Observer {
  readonly lives: ProcessLife[] = []
  readonly handles = new Map<number, HandleCount[]>()
  readonly #stack: Stack
  readonly #journal: Journal
  readonly #timer: NodeJS.Timeout

  constructor(stack: Stack, journal: Journal) {
    this.#stack = stack
    this.#journal = journal
    this.#timer = setInterval(() => this.#sample(), pauseMs)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** To be called when nobody does anything. */
  countHandles(): void {
    const pids = readPids(this.#stack)
    for (const name of followed) {
      const pid = pids[name]
      const kinds = pid === undefined ? undefined : countHandles(pid)
      if (pid === undefined || kinds === undefined) continue
      const total = Object.values(kinds).reduce((sum, count) => sum + count, 0)
      const counts = this.handles.get(pid) ?? []
      counts.push({ at: new Date().toISOString(), name, total, ...kinds })
      this.handles.set(pid, counts)
      const first = counts[0]?.total ?? total
      if (total > first + moreHandlesAllowed)
        this.#journal.fault('leaked handle', name, `pid ${pid} had ${first} handles at rest, and now ${total}`)
    }
  }

  #sample(): void {
    const pids = readPids(this.#stack)
    for (const name of followed) {
      const pid = pids[name]
      const residentMiB = pid === undefined ? undefined : readResidentMiB(pid)
      if (pid === undefined || residentMiB === undefined) continue
      let life = this.lives.find((one) => one.pid === pid)
      if (life === undefined) {
        life = { name, pid, startedAt: Date.now(), samples: [] }
        this.lives.push(life)
      }
      life.samples.push({ at: Date.now(), residentMiB })
    }
  }
}
