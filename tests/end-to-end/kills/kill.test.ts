import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunDocument } from '../../../api/contract/run.ts'
import { isAtRest } from '../../../domain/import-run.ts'
import type { InventedStudent } from '../../../simulators/oneroster-package/invented-people.ts'
import type { PackageRequest } from '../../../simulators/oneroster-package/make-package.ts'
import type { Stack } from '../../../stack/stack.ts'
import { startTestStack } from '../../harness/stack.ts'
import { untilItWorks } from '../../harness/until.ts'
import { digestTables, listRows, type TableDigests } from '../comparable-tables.ts'
import { DistrictOnStack, packageOf } from '../district-on-stack.ts'
import { longSteps, StackKiller } from './stack-killer.ts'

const wantedKills = Number(process.env['ROLLBOOK_TEST_KILLS'] ?? 60)
const seed = Number(process.env['ROLLBOOK_TEST_SEED'] ?? randomInt(1_000_000))
const students = 20_000

/** Imported one after the other; after the last it goes on with the second as long as kills are wanted. */
const county = { seed: 31, students } satisfies PackageRequest
const isGone = (_: InventedStudent, number: number) => number % 7 === 0
const days: readonly PackageRequest[] = [
  county,
  { ...county, changedEvery: 10 },
  { ...county, changedEvery: 4, isLeftOut: isGone },
  { ...county, changedEvery: 3, isLeftOut: (_, number) => number % 9 === 0 },
  { ...county, isLeftOut: isGone },
  county,
]

describe(`${wantedKills} kills at random moments (ROLLBOOK_TEST_SEED=${seed})`, () => {
  let stack: Stack
  let killer: StackKiller
  let packages: readonly Buffer[]
  let calm: DistrictOnStack
  const expected: TableDigests[] = []

  beforeAll(async () => {
    stack = await startTestStack()
    packages = await Promise.all(days.map(packageOf))
    calm = await DistrictOnStack.create(stack, 'calm')
    killer = await StackKiller.create(stack, seed)
  })
  afterAll(() => killer.close())

  it('are compared with runs that nobody disturbs', async () => {
    for (const content of packages) {
      const run = await importPatiently(stack, calm, content, () => undefined)
      assert.equal(run.state, 'completed')
      await killer.learn([run.workflowId, `apply/${calm.slug}/students`])
      expected.push(await digestTables(calm))
    }
    assert.ok(expected[2]?.['journal']?.count ?? 0 > students / 7)
  })

  it('leave every table as if nothing had happened', async () => {
    const running = new Map<string, string>()
    const rest = { isOver: false }
    const killing = (async () => {
      while (!rest.isOver && killer.count < wantedKills)
        await killer.killInside([...running.values()].flatMap(withApply))
    })()
    let round = 0
    try {
      // Several at once, so that while one waits for its next try another one can be hit.
      while (killer.count < wantedKills) {
        const names = ['one', 'two', 'three'].map((name) => `${name}-${(round += 1)}`)
        const districts = await Promise.all(
          names.map((slug) => untilItWorks(() => DistrictOnStack.create(stack, slug))),
        )
        await Promise.all(districts.map(importAll))
      }
    } finally {
      rest.isOver = true
      await killing
    }
    console.log(`kills by step: ${JSON.stringify(killer.kills)}`)
    for (const step of longSteps) {
      assert.ok(killer.kills[step].worker > 0, `a worker was killed in ${step}`)
      assert.ok(killer.kills[step].postgres > 0, `PostgreSQL was killed in ${step}`)
    }

    async function importAll(district: DistrictOnStack): Promise<void> {
      const { slug } = district
      for (const [day, content] of packages.entries()) {
        const run = await importPatiently(stack, district, content, (run) => running.set(slug, run.workflowId))
        running.delete(slug)
        assert.equal(run.state, 'completed', `${slug}, day ${day + 1}`)
        await compareWithCalm(district, day)
      }
    }
  })

  async function compareWithCalm(district: DistrictOnStack, day: number): Promise<void> {
    const digests = await untilItWorks(() => digestTables(district))
    for (const [table, wanted] of Object.entries(expected[day] ?? {})) {
      const found = digests[table]
      if (found?.digest === wanted.digest) continue
      // After the last day both hold the same packages, so that their rows can be told apart.
      const isLast = day === packages.length - 1
      const [ours, theirs] = isLast
        ? await Promise.all([calm, district].map((one) => untilItWorks(() => listRows(one, table))))
        : []
      const onlyThere = theirs?.filter((row) => ours?.includes(row) === false).slice(0, 3) ?? []
      assert.fail(
        `${district.slug}, day ${day + 1}: ${table} has ${found?.count} rows and should have ${wanted.count}, ` +
          `or other contents; ${onlyThere.join('\n')}`,
      )
    }
  }
})

function withApply(workflowId: string): string[] {
  const [, district = ''] = workflowId.split('/')
  return [workflowId, `apply/${district}/students`]
}

/** Uploads until it is taken, with one idempotency key, and waits for the end of the run through every outage. */
async function importPatiently(
  stack: Stack,
  district: DistrictOnStack,
  content: Buffer,
  onStart: (run: RunDocument) => void,
): Promise<RunDocument> {
  const key = crypto.randomUUID()
  const query = `dataType=students&approveHold=true`
  const started = await untilItWorks(() =>
    askApi(stack, `/api/districts/${district.slug}/imports?${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/zip', 'idempotency-key': key },
      body: content,
    }),
  )
  onStart(started)
  for (;;) {
    const run = await untilItWorks(() => askApi(stack, `/api/runs/${started.runId}`))
    if (isAtRest(run.state)) return run
    await sleep(100)
  }
}

async function askApi(stack: Stack, path: string, request: RequestInit = {}): Promise<RunDocument> {
  const headers = { ...Object.fromEntries(new Headers(request.headers)), authorization: `Bearer ${stack.token}` }
  const response = await fetch(stack.url + path, { ...request, headers })
  if (!response.ok) throw new Error(`${path}: ${response.status}`)
  return (await response.json()) as RunDocument // checked by the server against its contract
}
