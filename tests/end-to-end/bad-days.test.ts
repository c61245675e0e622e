import assert from 'node:assert/strict'
import type { RunDocument } from '../../api/contract/run.ts'
import { isAtRest } from '../../domain/import-run.ts'
import type { Stack } from '../../stack/stack.ts'
import { startTestStack } from '../harness/stack.ts'
import { until } from '../harness/until.ts'
import { DistrictOnStack, packageOf, toEnd, type ImportEnd } from './district-on-stack.ts'
import { fillDisk } from './full-disk.ts'
import { killProcess, StackKiller, type LongStep } from './kills/stack-killer.ts'

const students = 15_000

describe('an import', () => {
  let stack: Stack
  let killer: StackKiller
  let content: Buffer
  beforeAll(async () => {
    ;[stack, content] = await Promise.all([startTestStack(), packageOf({ seed: 8, students })])
    killer = await StackKiller.create(stack, 1)
  })
  afterAll(() => killer.close())

  it('waits while the disk is full, and goes on by itself when there is room', async () => {
    const district = await DistrictOnStack.create(stack, 'disk-full')
    const disk = await fillDisk(stack)
    try {
      const importing = district.import(content)
      const { runId, workflowId } = await findRunUnderWay(district)
      await until(async () => (await killer.listFailures(workflowId)).includes('DISK_FULL'))
      const waiting = await district.getRun(runId)
      assert.equal(waiting.state, 'validating')
      assert.equal((await district.records('all')).size, 0)
      assert.deepEqual(await district.loggedChanges(runId), { journal: {}, applied: {} })
      await disk.free()
      await assertAllIn(district, await importing)
    } finally {
      await disk.remove()
    }
  })

  it('goes on when PostgreSQL is killed while it applies', async () => {
    await importWhile('postgres-killed', 'applyPlan', 'postgres')
  })

  it('goes on when its worker is killed while it reads', async () => {
    await importWhile('worker-killed', 'stageRun', 'worker')
  })

  it('goes on when Temporal is killed while it plans', async () => {
    await importWhile('temporal-killed', 'buildPlan', 'temporal')
  })

  it('goes on when the API is killed while a command waits for it', async () => {
    await importWhile('api-killed', 'stageRun', 'api')
  })

  it('that is uploaded twice at once is applied once', async () => {
    const district = await DistrictOnStack.create(stack, 'twice')
    const file = district.writePackage(content)
    const command = () =>
      district.command('import', file, '--district', district.slug, '--data-type', 'students', '--json')
    const ends = (await Promise.all([command(), command()])).map(toEnd)
    // The one that comes too late finds nothing left to do, or that a newer run was applied before it.
    const created = ends.map(({ exitCode, run, stderr }) => {
      assert.ok(['completed', 'unchanged', 'discarded'].includes(run.state), run.state)
      assert.equal(exitCode, run.state === 'discarded' ? 3 : 0, stderr)
      return run.counts.created
    })
    assert.deepEqual(
      created.sort((one, other) => one - other),
      [0, students],
    )
    assert.equal((await district.records('all')).size, students)
    const [connections] = await district.query<{ count: number }>('select count(*)::int as count from connections')
    assert.equal(connections?.count, 1)
  })

  async function importWhile(slug: string, step: LongStep, victim: string): Promise<void> {
    const district = await DistrictOnStack.create(stack, slug)
    const importing = district.import(content)
    const { workflowId } = await findRunUnderWay(district)
    await killer.waitForStep([workflowId, `apply/${slug}/students`], step)
    await killProcess(stack, victim)
    await assertAllIn(district, await importing)
  }

  async function assertAllIn(district: DistrictOnStack, { exitCode, run, stderr }: ImportEnd): Promise<void> {
    assert.equal(exitCode, 0, stderr)
    assert.equal(run.state, 'completed')
    assert.equal(run.counts.created, students)
    assert.deepEqual((await district.loggedChanges(run.runId)).applied, { create: students })
    assert.equal((await district.records('all')).size, students)
  }
})

async function findRunUnderWay(district: DistrictOnStack): Promise<RunDocument> {
  for (;;) {
    const [run] = await district.listRuns()
    if (run === undefined) continue
    assert.ok(!isAtRest(run.state), 'the run was over before anything could happen to it')
    return run
  }
}
