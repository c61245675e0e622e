import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { makePackage } from '../simulators/oneroster-package/make-package.ts'
import { startStack, type Stack } from '../stack/stack.ts'
import { asJson, callApi } from './call-api.ts'

type Page = {
  readonly items: readonly { readonly fields: Record<string, unknown> }[]
  readonly nextCursor: string | null
}
type Run = { readonly runId: string; readonly state: string }
type Question = 'list' | 'next page' | 'by name' | 'by id' | 'of a school'

const secondsOfReading = Number(process.env['BENCH_SECONDS'] ?? 30)
const pageSize = 20

/**
 * So many readers at once, each asking its next question as soon as the last is answered, of the records of so many
 * students: `node bench/record-readers.ts <students> <readers>`, by default 100,000 and 200. Prints one JSON document.
 */
async function measureReaders(students: number, readers: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rollbook-readers-'))
  try {
    const path = join(folder, 'students.zip')
    await pipeline(makePackage({ seed: 20261129, students, comment: '' }), createWriteStream(path))
    const stack = await startStack({ dataDirectory: join(folder, 'stack') })
    try {
      await importStudents(stack, path)
      const sample = await readSample(stack)
      const times = await readAll(stack, readers, sample)
      console.log(JSON.stringify({ students, readers, seconds: secondsOfReading, ...summarize(times) }, null, 2))
    } finally {
      await stack.stop()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function importStudents(stack: Stack, path: string): Promise<void> {
  await callApi(stack, '/api/districts', asJson('POST', { slug: 'bench', name: 'Benchmark district' }))
  let run = await callApi<Run>(stack, '/api/districts/bench/imports?dataType=students&approveHold=true', {
    method: 'POST',
    headers: { 'content-type': 'application/zip' },
    body: Readable.toWeb(createReadStream(path, { highWaterMark: 1 << 20 })), // Node's own web stream
    duplex: 'half',
  })
  while (!run.state.startsWith('completed')) {
    if (['cancelled', 'held'].includes(run.state)) throw new Error(`the import is ${run.state}`)
    await sleep(500)
    run = await callApi<Run>(stack, `/api/runs/${run.runId}`)
  }
}

const searchPath = '/api/districts/bench/records/students/search'
/** A connection that was idle may be closed while it is taken up: what was not answered is asked again. */
async function search(stack: Stack, body: object, attempts = 20): Promise<Page> {
  try {
    return await callApi<Page>(stack, searchPath, asJson('POST', body))
  } catch (error) {
    if (!(error instanceof TypeError) || attempts <= 1) throw error
    return await search(stack, body, attempts - 1)
  }
}

type Sample = readonly Record<string, unknown>[]

/** What people look for: students from the whole list. */
async function readSample(stack: Stack): Promise<Sample> {
  const { items } = await search(stack, { sort: 'name', limit: 1000 })
  const { items: others } = await search(stack, { sort: '-sisId', limit: 1000 })
  return [...items, ...others].map(({ fields }) => fields)
}

type Times = Record<Question, number[]>

async function readAll(stack: Stack, readers: number, sample: Sample): Promise<Times> {
  const times: Times = { list: [], 'next page': [], 'by name': [], 'by id': [], 'of a school': [] }
  const until = performance.now() + secondsOfReading * 1000
  const read = async (reader: number) => {
    for (let turn = reader; performance.now() < until; turn++) {
      const student = sample[(turn * 7919) % sample.length] ?? {}
      const family = String(student['familyName'])
      const timed = async (question: Question, body: object) => {
        const began = performance.now()
        const page = await search(stack, { limit: pageSize, ...body })
        times[question].push(performance.now() - began)
        return page
      }
      const first = await timed('list', { sort: turn % 2 === 0 ? 'name' : 'sisId' })
      await timed('next page', { sort: turn % 2 === 0 ? 'name' : 'sisId', cursor: first.nextCursor ?? undefined })
      await timed('by name', { search: turn % 2 === 0 ? family : String(student['givenName']), sort: 'name' })
      await timed('by id', { search: String(student['sisId']) })
      await timed('of a school', { filter: { schoolId: student['schoolId'] }, sort: 'name' })
    }
  }
  await Promise.all(Array.from({ length: readers }, (_, reader) => read(reader)))
  return times
}

function summarize(times: Times) {
  const all = Object.values(times).flat()
  const byQuestion: Record<string, ReturnType<typeof describe>> = {}
  for (const [question, some] of Object.entries(times)) byQuestion[question] = describe(some)
  return {
    ...{ requests: all.length, perSecond: Math.round(all.length / secondsOfReading), ...describe(all) },
    byQuestion,
  }
}

function describe(times: readonly number[]) {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
  return { p50Ms: at(0.5), p99Ms: at(0.99), mostMs: Math.round(sorted.at(-1) ?? 0) }
}

await measureReaders(Number(process.argv[2] ?? 100_000), Number(process.argv[3] ?? 200))
