import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { writeDistrict } from '../simulators/oneroster-package/write-district.ts'
import { startStack, type Stack } from '../stack/stack.ts'
import { asJson, callApi } from './call-api.ts'
import { readPeakMemoryMiB } from './peak-memory.ts'

type Run = {
  readonly dataType: string
  readonly state: string
  readonly counts: Readonly<Record<string, number>>
  readonly startedAt: string | null
  readonly finishedAt: string | null
}
type ImportSet = { readonly setId: string; readonly finished: boolean; readonly runs: readonly Run[] }

const overStates = ['completed', 'completedWithAlerts', 'notStarted', 'cancelled', 'held', 'unchanged']

/**
 * Imports one package with every file for all data types, and tells of each how many rows it read, how long it took, and
 * how much memory the worker had at most: `node bench/whole-roster.ts <students>`, for 100,000 by default.
 */
async function measureWholeRoster(students: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rollbook-roster-'))
  try {
    const path = join(folder, 'roster.zip')
    await pipeline(writeDistrict({ seed: 20261128, students }), createWriteStream(path))
    const stack = await startStack({ dataDirectory: join(folder, 'stack') })
    try {
      await callApi(stack, '/api/districts', asJson('POST', { slug: 'bench', name: 'Benchmark district' }))
      await watch(stack, await upload(stack, path))
    } finally {
      await stack.stop()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function upload(stack: Stack, path: string): Promise<ImportSet> {
  const body = Readable.toWeb(createReadStream(path, { highWaterMark: 1 << 20 }))
  return await callApi<ImportSet>(stack, '/api/districts/bench/imports?dataType=all', {
    method: 'POST',
    headers: { 'content-type': 'application/zip' },
    body: body, // Node's own web stream; fetch's type is another nominal one
    duplex: 'half',
  })
}

async function watch(stack: Stack, { setId }: ImportSet): Promise<void> {
  const worker = await findWorker(stack)
  let [told, peak] = [0, 0]
  for (;;) {
    const set = await callApi<ImportSet>(stack, `/api/import-sets/${setId}`)
    const over = set.runs.filter(({ state }) => overStates.includes(state))
    peak = Math.max(peak, (await readPeakMemoryMiB(worker)) ?? 0)
    for (const run of over.slice(told)) {
      console.log(`${run.dataType}: ${run.state}, ${describe(run)}, at most ${String(peak)} MiB`)
    }
    if (over.length > told) {
      // Linux begins its high-water mark anew, so that each data type has its own.
      await writeFile(`/proc/${String(worker)}/clear_refs`, '5').catch(() => undefined)
      ;[told, peak] = [over.length, 0]
    }
    if (set.finished) return
    await sleep(500)
  }
}

function describe({ counts, startedAt, finishedAt }: Run): string {
  const seconds = Math.round((Date.parse(finishedAt ?? '') - Date.parse(startedAt ?? '')) / 1000)
  return `${String(counts['read'])} rows read, ${String(counts['created'])} created, ${String(seconds)} s`
}

async function findWorker(stack: Stack): Promise<number> {
  const pids = JSON.parse(await readFile(stack.pidsFile, 'utf8')) as Record<string, number> // written by our own stack
  const worker = Object.entries(pids).find(([name]) => name.startsWith('worker'))?.[1]
  if (worker === undefined) throw new Error('the stack has no worker')
  return worker
}

await measureWholeRoster(Number(process.argv[2] ?? 100_000))
