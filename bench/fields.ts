import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { makePackage } from '../simulators/oneroster-package/make-package.ts'
import { startStack, type Stack } from '../stack/stack.ts'
import { asJson, callApi } from './call-api.ts'
import { readCpuSeconds } from './cpu-seconds.ts'

type Run = { readonly runId: string; readonly state: string; readonly counts: Readonly<Record<string, number>> }
/** Wall time, and the processor time of all processes of the stack, which says more on a machine that others use. */
type Timed = { readonly seconds: number; readonly cpuSeconds: number; readonly run: Run }
type Best = { readonly seconds: number; readonly cpuSeconds: number }

const none: Best = { seconds: Infinity, cpuSeconds: Infinity }

const seed = 20261122
const defaultRounds = 3

/**
 * Compares the plan of a table of two fields for every student with the re-sync of a package of the same students, in
 * turns: `node bench/fields.ts <students> <rounds>`, for 100,000 and three by default. Both are test imports, which end with the plan; the
 * first table fills every field, the second says what is held.
 */
async function measureFields(students: number, rounds: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rollbook-fields-'))
  const stack = await startStack({ dataDirectory: join(folder, 'stack') })
  try {
    await callApi(stack, '/api/districts', asJson('POST', { slug: 'bench', name: 'Benchmark district' }))
    const write = async (name: string, comment: string) => {
      await pipeline(makePackage({ seed, students, comment }), createWriteStream(join(folder, name)))
      return join(folder, name)
    }
    const fresh = await send(stack, await write('fresh.zip', 'a'))
    console.log(`${String(fresh.run.counts['created'])} students, first import: ${show(fresh.seconds)}`)
    const connection = await addFields(stack)
    const table = await writeTable(stack, join(folder, 'fields.csv'))
    const best = { resync: none, filled: none, same: none }
    const measure = async (what: keyof typeof best, path: string, query: string) => {
      const { seconds, cpuSeconds, run } = await send(stack, path, `&test=true${query}`)
      best[what] = {
        seconds: Math.min(best[what].seconds, seconds),
        cpuSeconds: Math.min(best[what].cpuSeconds, cpuSeconds),
      }
      console.log(`${what}: ${show(seconds)}, ${show(cpuSeconds)} of processors, ${JSON.stringify(run.counts)}`)
    }
    const ofFields = `&connection=${connection}`
    for (let round = 0; round < rounds; round++) {
      await measure('resync', await write('resync.zip', `b${String(round)}`), '')
      await measure('filled', table, ofFields)
    }
    console.log(`applied: ${show((await send(stack, table, ofFields)).seconds)}`)
    for (let round = 0; round < rounds; round++) await measure('same', table, ofFields)
    const ratio = (of: Best) => ({
      seconds: round(of.seconds / best.resync.seconds),
      cpuSeconds: round(of.cpuSeconds / best.resync.cpuSeconds),
    })
    const ratios = { filled: ratio(best.filled), same: ratio(best.same) }
    console.log(JSON.stringify({ rows: students, best, ratio: ratios }))
  } finally {
    await stack.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function addFields(stack: Stack): Promise<string> {
  const columns = { sisId: 'Student number', homeroom: 'Homeroom', homeLanguage: 'Language' }
  const settings = { mappings: { students: { matchBy: 'sisId', columns } } }
  const wanted = asJson('POST', { connector: 'csv', name: 'fields', settings })
  const { id } = await callApi<{ readonly id: string }>(stack, '/api/districts/bench/connections', wanted)
  return id
}

/** Two fields for every student that is held, in an order that is not theirs. */
async function writeTable(stack: Stack, path: string): Promise<string> {
  const response = await fetch(`${stack.url}/api/districts/bench/records/students`, {
    headers: { authorization: `Bearer ${stack.token}`, accept: 'text/csv' },
  })
  const [header = '', ...lines] = (await response.text()).trim().split(/\r?\n/)
  const at = header.split(',').indexOf('sisId')
  const ids = lines.map((line) => line.split(',')[at] ?? '').toReversed()
  const rows = ids.map((id, place) => `${id},H-${String(place % 900)},${place % 3 === 0 ? 'es' : 'en'}`)
  await writeFile(path, ['Student number,Homeroom,Language', ...rows, ''].join('\r\n'))
  return path
}

/** Seconds from the first byte of the upload until the run is over. */
async function send(stack: Stack, path: string, query = ''): Promise<Timed> {
  const before = await readCpu(stack)
  const started = performance.now()
  let run = await callApi<Run>(stack, `/api/districts/bench/imports?dataType=students${query}`, {
    method: 'POST',
    headers: { 'content-type': path.endsWith('.csv') ? 'text/csv' : 'application/zip' },
    body: Readable.toWeb(createReadStream(path, { highWaterMark: 1 << 20 })),
    duplex: 'half',
  })
  while (['queued', 'validating', 'planned', 'applying'].includes(run.state)) {
    run = await callApi<Run>(stack, `/api/runs/${run.runId}?wait=20`)
  }
  if (!['tested', 'completed'].includes(run.state)) throw new Error(`a run ended as ${run.state}`)
  const seconds = round((performance.now() - started) / 1000)
  return { seconds, cpuSeconds: round((await readCpu(stack)) - before), run }
}

async function readCpu({ pidsFile }: Stack): Promise<number> {
  const used = await readCpuSeconds(pidsFile)
  return Object.values(used ?? {}).reduce((total, one) => total + one, 0)
}

function round(number: number): number {
  return Math.round(number * 100) / 100
}

function show(seconds: number): string {
  return `${String(seconds)} s`
}

await measureFields(Number(process.argv[2] ?? 100_000), Number(process.argv[3] ?? defaultRounds))
