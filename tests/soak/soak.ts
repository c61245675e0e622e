import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { packageOf } from '../end-to-end/district-on-stack.ts'
import { startStack, type Stack } from '../../stack/stack.ts'
import { makeTemporaryDirectory } from '../../stack/disk/temporary-directory.ts'
import { Chance } from './chance.ts'
import { Gate } from './gate.ts'
import type { Journal } from './journal.ts'
import { PatientApi } from './patient-api.ts'
import { DistrictApi } from './story/district-api.ts'
import { DistrictStory } from './story/district-story.ts'
import { SourceSystem } from './story/source-system.ts'
import { takeStep } from './story/steps.ts'
import { DatabaseProxy } from './trouble/database-proxy.ts'
import { RudeClients } from './trouble/rude-clients.ts'
import { SmallDisk } from './trouble/small-disk.ts'
import { TroubleMaker } from './trouble/trouble-maker.ts'
import { Weather } from './trouble/weather.ts'
import { checkAtRest } from './watch/at-rest.ts'
import { readLogs, type LogSummary } from './watch/logs.ts'
import { Observer } from './watch/observer.ts'
import { judgeMemory, type MemoryVerdict } from './watch/memory.ts'
import { listProcessesOf } from './watch/processes.ts'

export type SoakOptions = {
  readonly minutes: number
  readonly seed: number
  readonly districts: number
  readonly students: number
}

export type SoakFigures = {
  readonly memory: readonly MemoryVerdict[]
  readonly handles: readonly (readonly Readonly<Record<string, string | number>>[])[]
  /** Of worker and API to PostgreSQL, at each rest; and as many as the proxy has open. */
  readonly connections: readonly string[]
  readonly diskWasFull: string
  readonly logs: LogSummary
}

const restEveryMs = 4 * 60_000
const library = 'library'

/**
 * Starts a stack, tells a story to several districts at once while processes are killed, networks cut and clients leave,
 * and looks at rest, every four minutes and in the end, whether all is as it should be. In the second half worker and
 * API are not killed any more, so that their memory can be followed. What is wrong is told to the journal.
 */
export async function soak(options: SoakOptions, journal: Journal, stopWanted: AbortSignal): Promise<SoakFigures> {
  const directory = makeTemporaryDirectory()
  const disk = SmallDisk.tryToMount(join(directory.path, 'stack', 'postgres'))
  const proxy = new DatabaseProxy()
  let stack: Stack | undefined
  try {
    stack = await startStack({
      dataDirectory: join(directory.path, 'stack'),
      isThrowAway: true,
      settings: { ROLLBOOK_HEARTBEAT_TIMEOUT_MS: '5000', ROLLBOOK_SHUTDOWN_GRACE_MS: '1000' },
      databaseAddress: (url) => proxy.listen(url),
      say: (words) => journal.tell('stack', words),
      signal: stopWanted,
    })
    return await new Soak(options, journal, { stack, proxy, disk, directory: directory.path }).run(stopWanted)
  } finally {
    await stack?.stop()
    proxy.close()
    await sleep(1000)
    const left = listProcessesOf(directory.path)
    if (left.length > 0) journal.fault('leaked process', 'stack', `left behind: ${JSON.stringify(left)}`)
    disk?.unmount()
    directory.remove()
  }
}

type Parts = {
  readonly stack: Stack
  readonly proxy: DatabaseProxy
  readonly disk: SmallDisk | undefined
  readonly directory: string
}

class Soak {
  readonly #options: SoakOptions
  readonly #journal: Journal
  readonly #parts: Parts
  readonly #weather = new Weather()
  readonly #gate = new Gate()
  readonly #api: PatientApi
  readonly #observer: Observer
  readonly #stories: DistrictStory[]
  readonly #startedAt = Date.now()
  readonly #connections: string[] = []
  #diskWasFull: string
  #isDiskDue: boolean

  constructor(options: SoakOptions, journal: Journal, parts: Parts) {
    const { stack, directory } = parts
    this.#options = options
    this.#journal = journal
    this.#parts = parts
    this.#api = new PatientApi(stack, journal, this.#weather)
    this.#observer = new Observer(stack, journal)
    this.#isDiskDue = parts.disk !== undefined
    this.#diskWasFull = this.#isDiskDue ? 'not yet' : 'skipped: this account may not mount a file system'
    const dropRoot = join(directory, 'stack', 'drop')
    this.#stories = Array.from({ length: options.districts }, (_, index) => {
      const api = new DistrictApi(stack, this.#api, `soak-${index + 1}`, dropRoot)
      const size = { students: options.students + index * 40, schools: 3 + index }
      const source = new SourceSystem(new Chance(options.seed, 100 + index), size)
      return new DistrictStory(api, source, new Chance(options.seed, 200 + index), journal)
    })
  }

  async run(stopWanted: AbortSignal): Promise<SoakFigures> {
    const gaveUp = this.#parts.stack.givenUp.then((reason) => {
      this.#journal.fault('stack gave up', 'stack', reason)
    })
    const isOver = new Promise<void>((resolve) => stopWanted.addEventListener('abort', () => resolve()))
    await Promise.race([this.#tellAll(stopWanted), gaveUp, isOver])
    this.#gate.end()
    this.#observer.stop()
    const memory = this.#observer.lives.map(judgeMemory)
    for (const { name, pid, verdict, firstThirdMiB, lastThirdMiB } of memory) {
      if (verdict !== 'grows') continue
      this.#journal.fault('memory grows', name, `pid ${pid}: ${firstThirdMiB} MiB at first, ${lastThirdMiB} at last`)
    }
    const logs = readLogs(join(this.#parts.directory, 'stack', 'logs'))
    for (const line of logs.defects) this.#journal.fault('defect in a log', 'logs', line)
    const handles = [...this.#observer.handles.values()]
    return { memory, handles, connections: this.#connections, diskWasFull: this.#diskWasFull, logs }
  }

  async #tellAll(stopWanted: AbortSignal): Promise<void> {
    const { seed } = this.#options
    await Promise.all(this.#stories.map((story) => this.#begin(story)))
    const clients = await this.#fillLibrary()
    const trouble = new TroubleMaker({ ...this.#parts, weather: this.#weather }, new Chance(seed, 1), this.#journal)
    const chance = new Chance(seed, 3)
    const loops = [
      ...this.#stories.map((story) => this.#repeat(() => takeStep(story))),
      this.#repeat(() => this.#makeTrouble(trouble, chance)),
      this.#repeat(async () => {
        await clients.act()
        await sleep(chance.between(1000, 8000))
      }),
    ]
    const broken = Promise.all(loops)
    const endsAt = this.#startedAt + this.#options.minutes * 60_000
    while (Date.now() < endsAt && !stopWanted.aborted) {
      await Promise.race([broken, sleep(Math.min(restEveryMs, Math.max(1000, endsAt - Date.now())))])
      await this.#gate.close()
      clients.close()
      await this.#rest()
      if (Date.now() < endsAt) this.#gate.open()
    }
    this.#gate.end()
    await broken
  }

  async #begin(story: DistrictStory): Promise<void> {
    await story.api.create()
    await story.settle(await story.bring(story.source.exportAll()))
    await story.compare()
  }

  /** A district with an input so large that its answers cannot hide in the buffers of the network. */
  async #fillLibrary(): Promise<RudeClients> {
    const { stack } = this.#parts
    await this.#api.call('POST', '/api/districts', { slug: library, name: 'Library' })
    const ballast = new Chance(this.#options.seed, 2)
    const noise = Buffer.alloc(12 * 2 ** 20)
    for (let at = 0; at < noise.length; at += 4) noise.writeUInt32LE(ballast.between(0, 2 ** 32 - 1), at)
    const bytes = await packageOf({ seed: 5, students: 2000, moreFiles: { ballast: noise.toString('base64') } })
    const path = `/api/districts/${library}/imports?dataType=students`
    const { text } = await this.#api.call('POST', path, bytes, { 'idempotency-key': 'library' })
    const { runId } = JSON.parse(text) as { runId: string } // the server checked it against its contract
    for (;;) {
      const { state } = await this.#api.get<{ state: string }>(`/api/runs/${runId}`)
      if (state.startsWith('completed')) break
      if (state === 'cancelled') throw new Error('the library could not be filled')
      await sleep(500)
    }
    const paths = [
      `/api/runs/${runId}/export`,
      `/api/districts/${library}/records/students?all=true&format=csv`,
      `/api/runs/${runId}/plan?format=csv`,
      `/api/runs/${runId}/findings?format=csv`,
    ]
    return new RudeClients(stack, { paths, slug: library }, new Chance(this.#options.seed, 4), this.#journal)
  }

  async #makeTrouble(trouble: TroubleMaker, chance: Chance): Promise<void> {
    await sleep(chance.between(5000, 25_000))
    const passed = (Date.now() - this.#startedAt) / (this.#options.minutes * 60_000)
    if (this.#isDiskDue && passed > 0.4) await this.#fillDisk()
    else await trouble.make({ sparesOurs: passed > 0.5 })
  }

  async #fillDisk(): Promise<void> {
    const { disk } = this.#parts
    this.#isDiskDue = false
    if (disk === undefined) return
    this.#journal.tell('trouble', 'the disk of PostgreSQL is full for 10 s')
    const end = this.#weather.begin()
    disk.fill()
    await sleep(10_000)
    disk.free()
    this.#diskWasFull = 'once, for 10 s'
    await this.#api.get('/api/runs?limit=1')
    end()
  }

  async #rest(): Promise<void> {
    this.#journal.tell('soak', 'all rest')
    const slugs = [...this.#stories.map(({ slug }) => slug), library]
    const count = await checkAtRest(
      { stack: this.#parts.stack, api: this.#api, directory: this.#parts.directory, slugs },
      this.#journal,
    )
    this.#observer.countHandles()
    this.#connections.push(`${count} (${this.#parts.proxy.openCount})`)
  }

  async #repeat(step: () => Promise<void>): Promise<void> {
    while (await this.#gate.pass(step));
  }
}
