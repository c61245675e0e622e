import assert from 'node:assert/strict'
import { until } from '../harness/until.ts'
import { useImportRig } from './import-rig.ts'

const rig = useImportRig()
const county = { seed: 21, students: 40, studentsPerSchool: 20 } as const

const countWaiting = async (): Promise<number> =>
  (
    await rig.ask(
      'select from pg_locks join pg_database on pg_database.oid = database and datname = current_database() where not granted',
    )
  ).length
const stagedRows = () => rig.ask(`select xmin::text, seq from staged_students order by seq`)

describe('an attempt that was given up for dead, and lives', () => {
  it('stages nothing once another one has begun, be it the first to come to its end', async () => {
    const run = await rig.giveRun(await rig.givePackage(county))
    await rig.step('openRun', run)
    await rig.ask('begin')
    await rig.ask('lock table staged_students in access exclusive mode')
    const dead = rig.step('stageRun', run)
    await until(async () => (await countWaiting()) === 1)
    const alive = rig.step('stageRun', run)
    await until(async () => (await countWaiting()) === 2)
    await rig.ask('commit')
    await assert.rejects(dead, { type: 'STEP_REPLACED', nonRetryable: false })
    assert.equal((await alive).stagedCount, 40)
    assert.equal((await stagedRows()).length, 40)
    assert.equal((await rig.step('buildPlan', run)).actions.create, 40)
  })

  it('leaves what is staged and planned, when it began before another one and ends behind it', async () => {
    const run = await rig.giveRun(await rig.givePackage({ ...county, seed: 23 }))
    await rig.plan(run)
    const look = async () => [
      await stagedRows(),
      await rig.ask(`select plan_no, state, counts, staging from import_runs where id = '${run.runId}'`),
    ]
    const before = await look()
    for (const step of ['buildPlan', 'stageRun'] as const) {
      await rig.ask('begin')
      await rig.ask('lock table staged_students in access exclusive mode')
      const dead = assert.rejects(rig.step(step, run), { type: 'STEP_REPLACED' })
      await until(async () => (await countWaiting()) === 1)
      await rig.ask(`update import_runs set step_fence = step_fence + 1 where id = '${run.runId}'`)
      await rig.ask('commit')
      await dead
    }
    assert.deepEqual(await look(), before)
  })
})

describe('a step of a run that is over, as after its workflow was reset', () => {
  it('says so at the first try, and does nothing again', async () => {
    const run = await rig.giveRun(await rig.givePackage({ ...county, seed: 22 }))
    await rig.importAll(run)
    const before = await rig.readTables()
    const over = { type: 'RUN_OVER', nonRetryable: true }
    await assert.rejects(rig.step('openRun', run), over)
    await assert.rejects(rig.step('stageRun', run), over)
    await assert.rejects(rig.step('buildPlan', run), over)
    await assert.rejects(rig.step('applyPlan', { ...run, part: 'all' }), over)
    await assert.rejects(rig.step('holdForReview', { ...run, metLimits: [] }), over)
    assert.match((await rig.close(run, { kind: 'failed', code: 'RUN_OVER' })).state, /^completed/)
    assert.deepEqual(await rig.readTables(), before)
  })
})
