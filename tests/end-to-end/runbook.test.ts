import assert from 'node:assert/strict'
import { Client, Connection, WorkflowFailedError } from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import type { PlanRow } from '../../api/contract/plan.ts'
import { isAtRest } from '../../domain/import-run.ts'
import { withClient } from '../../stack/postgres/postgres.ts'
import type { Stack } from '../../stack/stack.ts'
import { RosterPackage } from '../fixtures/roster-package.ts'
import { makeZip } from '../fixtures/zip-maker.ts'
import { runbookCommands, toWords, typeTemporal } from '../harness/runbook.ts'
import { startTestStack } from '../harness/stack.ts'
import { until } from '../harness/until.ts'
import { DistrictOnStack, packageOf, toEnd } from './district-on-stack.ts'

const county = { seed: 41, students: 200, studentsPerSchool: 200 }
const shrunk = { ...county, isLeftOut: (_who: unknown, number: number) => number % 10 < 3, changedEvery: 25 }

let stack: Stack
beforeAll(async () => {
  stack = await startTestStack()
})

/** Types the one `npx rollbook` command of the page that is written so. */
function typeRollbook(district: DistrictOnStack, command: string, runId: string) {
  assert.ok(runbookCommands.includes(`npx rollbook ${command}`), `the page has no "${command}"`)
  return district.command(...toWords(command, { runId }), '--json')
}

async function setMapping(district: DistrictOnStack, connection: string, customFields: object): Promise<void> {
  // The wizard that maps fields is not built yet; it will write a mapping version as this does.
  await district.query(
    `with next as (
       insert into mapping_versions (district_id, connection_id, data_type, version, document, created_by)
       select district_id, connection_id, data_type, version + 1, document || $2, 'a test'
       from mapping_versions where connection_id = $1 order by version desc limit 1
       returning id, connection_id
     )
     update import_configurations c set mapping_version_id = next.id from next
     where c.connection_id = next.connection_id`,
    [connection, JSON.stringify({ customFields })],
  )
}

async function readPlan(district: DistrictOnStack, runId: string): Promise<PlanRow[]> {
  const { stdout } = await district.command('run', 'plan', runId, '--json')
  return JSON.parse(stdout) as PlanRow[] // the server checked its answer against the contract
}

describe('a run', () => {
  it('reads its package again under the mapping of then or of today', async () => {
    const district = await DistrictOnStack.create(stack, 'rerun')
    const content = makeZip(new RosterPackage().addColumn('users', 'metadata.bus', '7').members())
    const { run } = await district.import(content)
    await setMapping(district, run.connection, { bus: 'users.metadata.bus' })

    const then = toEnd(await typeRollbook(district, 'run rerun <runId> --mapping then', run.runId))
    assert.deepEqual([then.exitCode, then.run.state, then.run.rerunOf], [0, 'unchanged', run.runId])
    const today = toEnd(await typeRollbook(district, 'run rerun <runId>', run.runId))
    assert.deepEqual([today.exitCode, today.run.state], [0, 'completed'])
    assert.equal(today.run.counts.updated, run.counts.created)
    assert.deepEqual(today.run.input, run.input)
    assert.equal([...(await district.records()).values()][0]?.['bus'], '7')

    const before = await district.snapshot()
    const seen = toEnd(await typeRollbook(district, 'run rerun <runId> --mapping then --test', run.runId))
    assert.deepEqual([seen.exitCode, seen.run.state], [0, 'tested'])
    for (const { fields } of await readPlan(district, seen.run.runId))
      assert.ok(!fields.some((name) => /bus/.test(name)))
    assert.deepEqual(await district.snapshot(), before)
  })

  it('is removed by the trigger of the page, says so, and can be seen again', async () => {
    const district = await DistrictOnStack.create(stack, 'removed')
    const { run } = await district.import(makeZip(new RosterPackage().members()))
    const plan = await readPlan(district, run.runId)
    assert.ok(plan.length > 0)
    await district.query(
      `update import_runs set finished_at = now() - interval '31 days', undo_until = now() - interval '28 days' where id = $1`,
      [run.runId],
    )
    await district.query('update alerts set closed_at = now()')
    await typeTemporal(stack.temporalAddress, ['trigger', 'purge-logs'])
    await until(async () => (await district.getRun(run.runId)).logRemovedAfterDays === 30)

    for (const part of ['findings', 'plan']) {
      const { exitCode, stderr } = await district.command('run', part, run.runId)
      assert.equal(exitCode, 3)
      assert.match(stderr, /Removed after 30 days.*rollbook run rerun .* --test.*\[LOG_REMOVED\]/)
    }
    const [suggested = ''] =
      /rollbook run rerun \S+ --test/.exec((await district.command('run', 'show', run.runId)).stdout) ?? []
    const again = toEnd(await district.command(...suggested.split(' ').slice(1), '--json'))
    assert.equal(again.run.state, 'tested')
    assert.equal(again.run.counts.read, run.counts.read)
  })

  it('ends by the command of the page and applies nothing', async () => {
    const district = await DistrictOnStack.create(stack, 'cancelled')
    const importing = district.import(await packageOf({ seed: 42, students: 30_000 }))
    await until(async () => (await district.listRuns()).some(({ state }) => state === 'validating'))
    const [run] = await district.listRuns()
    assert.ok(run !== undefined && !isAtRest(run.state))
    const { exitCode, run: ended } = toEnd(
      await typeRollbook(district, 'run cancel <runId> --reason "wrong year"', run.runId),
    )
    assert.deepEqual([exitCode, ended.state], [0, 'cancelled'])
    assert.match(ended.closedReason ?? '', /wrong year/)
    assert.equal((await importing).exitCode, 3)
    assert.equal((await district.records('all')).size, 0)
  })

  it('goes on after each reset of the page, and is applied once', async () => {
    const district = await DistrictOnStack.create(stack, 'reset')
    await district.import(await packageOf(county))
    const { run: held } = await district.import(await packageOf(shrunk))
    assert.equal(held.state, 'held')
    const { runId, workflowId } = held
    const applied = (await district.loggedChanges(runId)).applied
    for (const type of ['LastWorkflowTask', 'FirstWorkflowTask']) {
      const before = await district.query<{ plan_no: number }>('select plan_no from import_runs where id = $1', [runId])
      await typeTemporal(stack.temporalAddress, ['workflow reset', type], { workflowId })
      if (type === 'FirstWorkflowTask') {
        const isPlannedAgain = `select 1 from import_runs where id = $1 and plan_no > $2 and state = 'held'`
        await until(async () => (await district.query(isPlannedAgain, [runId, before[0]?.plan_no])).length > 0)
      }
      assert.equal((await district.getRun(runId)).state, 'held')
      assert.deepEqual((await district.loggedChanges(runId)).applied, applied)
    }
    const { exitCode, run } = await district.decide('approve', runId)
    assert.deepEqual([exitCode, run.state], [0, 'completed'])
    const gone = county.students * 0.3
    assert.deepEqual((await district.loggedChanges(runId)).applied, { ...applied, deactivate: gone })
    assert.equal((await district.records()).size, county.students - gone)
  })

  it('answers once, plainly, when it is over and somebody resets its workflow', async () => {
    const district = await DistrictOnStack.create(stack, 'reset-over')
    const { run } = await district.import(await packageOf(county))
    const { runId, workflowId } = run
    const connection = await Connection.connect({ address: stack.temporalAddress })
    const look = async () => [await district.getRun(runId), await district.loggedChanges(runId)]
    const before = await look()
    try {
      const { workflow } = new Client({ connection })
      await workflow.getHandle(workflowId).result()
      await typeTemporal(stack.temporalAddress, ['workflow reset', 'FirstWorkflowTask'], { workflowId })
      const end: unknown = await workflow
        .getHandle(workflowId)
        .result()
        .catch((error: unknown) => error)
      assert.ok(end instanceof WorkflowFailedError && end.cause instanceof ApplicationFailure, String(end))
      assert.equal(end.cause.type, 'RUN_OVER')
      assert.match(end.cause.message, /The run is over, and nothing of it is done again/)
      const { events } = await workflow.getHandle(workflowId).fetchHistory()
      const tries = events?.filter(({ activityTaskStartedEventAttributes: tried }) => (tried?.attempt ?? 1) > 1)
      assert.deepEqual(tries, [])
    } finally {
      await connection.close()
    }
    assert.deepEqual(await look(), before)
  })

  it('is closed by the watchdog when its workflow was terminated, and can be run again', async () => {
    const district = await DistrictOnStack.create(stack, 'terminated')
    await district.import(await packageOf(county))
    const { run } = await district.import(await packageOf(shrunk))
    await typeTemporal(stack.temporalAddress, ['terminate', '--workflow-id'], { workflowId: run.workflowId })
    // A run that is two minutes old may still be on its way to its workflow.
    await district.query(`update import_runs set created_at = created_at - interval '1 hour' where id = $1`, [
      run.runId,
    ])
    await typeTemporal(stack.temporalAddress, ['trigger', 'watchdog'])
    await until(async () => (await district.getRun(run.runId)).state === 'cancelled')
    assert.match((await district.getRun(run.runId)).closedReason ?? '', /terminated/)
    const again = toEnd(await typeRollbook(district, 'run rerun <runId>', run.runId))
    assert.deepEqual([again.exitCode, again.run.state], [5, 'held'])
  })
})

describe('the right package', () => {
  it('takes the place of a wrong one that is still at work', async () => {
    const district = await DistrictOnStack.create(stack, 'right-one')
    const right = await packageOf({ seed: 43, students: 2_000 })
    await district.import(right)
    const before = await district.records('all')
    const importing = district.import(
      await packageOf({ seed: 43, students: 30_000, changedEvery: 3 }),
      '--approve-hold',
    )
    await until(async () => (await district.listRuns()).some(({ state }) => state === 'validating'))
    const { exitCode, run } = await district.import(right)
    assert.deepEqual([exitCode, run.state], [0, 'unchanged'])
    const wrong = await importing
    assert.deepEqual([wrong.exitCode, wrong.run.state], [3, 'discarded'])
    assert.match(wrong.run.closedReason ?? '', new RegExp(run.runId))
    assert.deepEqual(await district.records('all'), before)
  })
})

describe('a restored backup', () => {
  it('knows nothing of what came after it, and gets it by the newest package', async () => {
    const district = await DistrictOnStack.create(stack, 'restored')
    await district.import(await packageOf(county))
    const copy = new URL(stack.databaseUrl)
    const name = copy.pathname.slice(1)
    const values = async () => [...(await district.records('all')).values()].map(({ recordId: _id, ...row }) => row)
    const ofBackup = await values()
    // The server's programs for dumps are not part of the embedded PostgreSQL: a copy of the database stands for a dump.
    await copyDatabase(name, `${name}_backup`)

    const newest = await packageOf({ ...county, changedEvery: 10 })
    const { run: after } = await district.import(newest)
    const afterwards = await values()
    assert.notDeepEqual(afterwards, ofBackup)

    await typeTemporal(stack.temporalAddress, ['terminate', '--query'])
    await copyDatabase(`${name}_backup`, name)
    await until(async () => (await values().catch(() => [])).length > 0)
    assert.deepEqual(await values(), ofBackup)
    assert.ok(!(await district.listRuns()).some(({ runId }) => runId === after.runId))
    const { exitCode, run } = await district.import(newest)
    assert.deepEqual([exitCode, run.counts.updated], [0, after.counts.updated])
    assert.deepEqual(await values(), afterwards)
  })

  /** Makes `to` new from `from`, whoever is connected to either. */
  async function copyDatabase(from: string, to: string): Promise<void> {
    const admin = new URL(stack.databaseUrl)
    admin.pathname = '/postgres'
    await withClient(admin.href, async (client) => {
      await client.query(`alter database ${from} allow_connections false`)
      await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [from])
      await client.query(`drop database if exists ${to} with (force)`)
      await client.query(`create database ${to} template ${from}`)
      await client.query(`alter database ${from} allow_connections true`)
    })
  }
})
