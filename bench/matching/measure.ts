import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import { createDatabase, withDistrict, type Database } from '../../db/database.ts'
import { findCandidates } from '../../db/matching/find-candidates.ts'
import { refreshMatchKeys } from '../../db/matching/refresh-match-keys.ts'
import { students } from '../../domain/data-types/students.ts'
import { startStack } from '../../stack/stack.ts'
import type { MatchingCases } from './make-cases.ts'
import { people, peopleNames, type PeopleName } from './people.ts'
import { plantCases, recordIdOf } from './plant-cases.ts'
import { rateSearch, type SearchRating, type SearchResult } from './rate-search.ts'
import { readFebrl } from './read-febrl.ts'

export type MatchingBench = {
  readonly seed: number
  readonly results: readonly (SearchRating & {
    readonly data: string
    readonly held: number
    readonly incoming: number
    /** Making the keys of all held records, which the first run that looks for duplicates does once. */
    readonly keySeconds: number
    /** Finding and scoring, per incoming record. */
    readonly millisecondsPerRecord: number
  })[]
}

export type MatchingBenchRequest = {
  readonly held: number
  readonly incoming: number
  readonly seed: number
  /** Measures these alone; all of them where it is left out. */
  readonly people?: PeopleName
  /** Folder with FEBRL's dataset4a.csv and dataset4b.csv; they are measured besides. */
  readonly febrl?: string
  readonly report: (line: string) => void
}

/**
 * Measures how many duplicates are shown, and how many needless questions are asked, on generated districts with known
 * truth, one after the other in one throw-away stack. The same seed gives the same people.
 */
export async function runMatchingBench(request: MatchingBenchRequest): Promise<MatchingBench> {
  const folder = await mkdtemp(join(tmpdir(), 'rollbook-bench-'))
  try {
    const stack = await startStack({ dataDirectory: join(folder, 'stack') })
    const db = createDatabase({ url: stack.appDatabaseUrl })
    try {
      const results = []
      for (const [data, load] of listData(request)) {
        request.report(`${data}: making and planting the people`)
        const result = await measureCases(db, data, await load())
        request.report(`${data}: ${result.millisecondsPerRecord} ms a record, keys ${result.keySeconds} s`)
        results.push(result)
      }
      return { seed: request.seed, results }
    } finally {
      await db.destroy()
      await stack.stop()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function listData(request: MatchingBenchRequest): [string, () => MatchingCases | Promise<MatchingCases>][] {
  const { held, incoming, seed, febrl } = request
  const names = request.people === undefined ? peopleNames : [request.people]
  return [
    ...names.map((name): [string, () => MatchingCases] => [name, () => people[name]({ held, incoming, seed })]),
    ...(febrl === undefined
      ? []
      : [true, false].map((withIds): [string, () => Promise<MatchingCases>] => [
          withIds ? 'febrl-with-ids' : 'febrl-without-ids',
          () => readFebrl(febrl, { withIds }),
        ])),
  ]
}

/** Plants the cases in a district of their own, searches, and rates what was found. */
export async function measureCases(db: Kysely<Database>, data: string, cases: MatchingCases) {
  const { districtId, runId } = await plantCases(db, data, cases)
  const request = { districtId, runId, planNo: 0, dataType: students }
  const inDistrict = <Result>(step: Parameters<typeof withDistrict<Result>>[2]) =>
    withDistrict(db, districtId, step, { workMem: '256MB' })
  const [, keySeconds] = await clock(() => inDistrict((trx) => refreshMatchKeys(trx, request)))
  const best = new Map<number, { score: number; recordId: string }>()
  const [{ evidence }, searchSeconds] = await clock(() =>
    inDistrict((trx) =>
      findCandidates(trx, {
        ...request,
        keepCases: async (found) => {
          for (const { seq, candidates } of found) best.set(seq, candidates[0])
        },
      }),
    ),
  )
  const results = cases.incoming.map((incoming, seq): SearchResult => {
    const { score = 0, recordId } = best.get(seq) ?? {}
    const isRightFirst = incoming.held !== null && recordId === recordIdOf(districtId, incoming.held)
    return { case: incoming, score, isRightFirst }
  })
  return {
    data,
    held: cases.held.length,
    incoming: cases.incoming.length,
    ...rateSearch(results, evidence),
    keySeconds: Math.round(keySeconds * 100) / 100,
    millisecondsPerRecord: Math.round((searchSeconds / cases.incoming.length) * 1_000_000) / 1000,
  }
}

async function clock<Result>(step: () => Promise<Result>): Promise<[Result, number]> {
  const started = performance.now()
  const result = await step()
  return [result, (performance.now() - started) / 1000]
}
