import assert from 'node:assert/strict'
import type { MockActivityEnvironment } from '@temporalio/testing'
import { sql } from 'kysely'
import { withDistrict } from '../../../db/database.ts'
import { noActions } from '../../../domain/plan/plan-action.ts'
import { createEnvironment, useImportRig, type ImportRig } from '../import-rig.ts'

const county = { seed: 13, students: 200, studentsPerSchool: 100 } as const

/** Cancels, or takes the worker away, when the step beats with the progress of its first batch. */
function stopAfterFirstBatch(reason: 'CANCELLED' | 'WORKER_SHUTDOWN'): MockActivityEnvironment {
  const environment = createEnvironment()
  environment.on('heartbeat', (details: { appliedRows?: number } | undefined) => {
    if (details?.appliedRows !== undefined) environment.cancel(reason)
  })
  return environment
}

async function countStudents(rig: ImportRig): Promise<number> {
  return (await rig.readTables()).students?.length ?? 0
}

describe('an apply that is cancelled', () => {
  const rig = useImportRig({ applyBatchRows: 50 })

  it('ends its batch, applies no more, and the run says what was applied', async () => {
    const run = await rig.giveRun(await rig.givePackage(county))
    await rig.plan(run)
    const applied = await rig.step('applyPlan', { ...run, part: 'all' }, stopAfterFirstBatch('CANCELLED'))
    assert.deepEqual(applied, { kind: 'stopped', actions: { ...noActions, create: 50 } })
    await rig.close(run, { kind: 'cancelled', by: 'operator-7', reason: 'wrong file' })
    const { state, counts, closedReason, undoUntil } = await rig.readRun(run)
    assert.equal(state, 'cancelled')
    assert.equal(counts.created, 50)
    assert.equal(await countStudents(rig), 50)
    assert.equal(closedReason, 'cancelled by operator-7: wrong file')
    assert.notEqual(undoUntil, null)
  })

  it('lets the next run of the same package finish the work', async () => {
    const run = await rig.giveRun(await rig.givePackage(county))
    assert.equal((await rig.step('openRun', run)).isUnchanged, false)
    assert.equal((await rig.importAll(run)).state, 'completed')
    const { counts } = await rig.readRun(run)
    assert.deepEqual([counts.created, counts.unchanged], [150, 50])
  })
})

describe('an apply that is cancelled within its last batch', () => {
  const rig = useImportRig()

  it('has applied everything when the order comes with its last batch, and says so', async () => {
    const run = await rig.giveRun(await rig.givePackage({ ...county, students: 40 }))
    await rig.plan(run)
    const applied = await rig.step('applyPlan', { ...run, part: 'all' }, stopAfterFirstBatch('CANCELLED'))
    assert.deepEqual(applied, { kind: 'applied', actions: { ...noActions, create: 40 } })
    await rig.close(run, { kind: 'applied' })
    const again = await rig.giveRun(await rig.givePackage({ ...county, students: 40 }))
    assert.equal((await rig.step('openRun', again)).isUnchanged, true, 'the records follow its input')
  })
})

describe('an apply whose worker is stopped', () => {
  const rig = useImportRig({ applyBatchRows: 50 })

  it('fails so that it is tried again, and goes on after the last batch', async () => {
    const run = await rig.giveRun(await rig.givePackage(county))
    await rig.plan(run)
    await assert.rejects(rig.step('applyPlan', { ...run, part: 'all' }, stopAfterFirstBatch('WORKER_SHUTDOWN')), {
      type: 'WORKER_STOPPED',
      nonRetryable: false,
    })
    assert.equal(await countStudents(rig), 50)
    const applied = await rig.step('applyPlan', { ...run, part: 'all' })
    assert.equal(applied.kind === 'applied' && applied.actions.create, 200)
    assert.equal((await rig.close(run, { kind: 'applied' })).state, 'completed')
  })
})

describe('two runs whose plans were made before either was applied', () => {
  const rig = useImportRig()

  it('are not both applied: the older one is out of date', async () => {
    const older = await rig.giveRun(await rig.givePackage(county))
    const newer = await rig.giveRun(await rig.givePackage({ ...county, changedEvery: 10 }))
    await rig.plan(older)
    await rig.plan(newer)
    assert.equal((await rig.step('applyPlan', { ...newer, part: 'all' })).kind, 'applied')
    await rig.close(newer, { kind: 'applied' })
    assert.deepEqual(await rig.step('applyPlan', { ...older, part: 'all' }), {
      kind: 'superseded',
      byRunId: newer.runId,
    })
    assert.equal((await rig.close(older, { kind: 'discarded', reason: 'out of date' })).state, 'discarded')
  })

  it('are not both applied: the newer one plans again', async () => {
    const older = await rig.giveRun(await rig.givePackage({ ...county, comment: 'older' }))
    const newer = await rig.giveRun(await rig.givePackage({ ...county, comment: 'newer' }))
    await rig.plan(older)
    await rig.plan(newer)
    assert.equal((await rig.step('applyPlan', { ...older, part: 'all' })).kind, 'applied')
    await rig.close(older, { kind: 'applied' })
    assert.equal((await rig.step('applyPlan', { ...newer, part: 'all' })).kind, 'stale')
    const plan = await rig.plan(newer)
    assert.equal(plan.actions.update, 0)
    assert.equal((await rig.step('applyPlan', { ...newer, part: 'all' })).kind, 'applied')
    assert.equal((await rig.close(newer, { kind: 'applied' })).state, 'completed')
  })
})

describe('a record that is edited while a run waits', () => {
  const rig = useImportRig({ applyBatchRows: 50 })

  it('makes the plan stale, and the next plan sees the edit', async () => {
    const first = await rig.giveRun(await rig.givePackage(county))
    await rig.importAll(first)
    const run = await rig.giveRun(await rig.givePackage({ ...county, changedEvery: 2 }))
    await rig.plan(run)
    const edit = (where: string) =>
      withDistrict(rig.db, rig.districtId, (trx) =>
        sql.raw(`update students set middle_name = 'Edited' where ${where}`).execute(trx),
      )
    await edit(
      `id = (select record_id from plan_rows where run_id = '${run.runId}' and action = 'update' order by seq desc limit 1)`,
    )
    assert.equal((await rig.step('applyPlan', { ...run, part: 'all' })).kind, 'stale')
    const plan = await rig.plan(run)
    assert.ok(plan.actions.update > 0)
    assert.equal((await rig.step('applyPlan', { ...run, part: 'all' })).kind, 'applied')
    assert.equal((await rig.close(run, { kind: 'applied' })).state, 'completed')
    const { counts } = await rig.readRun(run)
    assert.equal(counts.updated, 100)
    assert.equal((await rig.readTables()).journal?.length, 100)
  })
})
