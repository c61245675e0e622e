import assert from 'node:assert/strict'
import { useImportRig } from '../import-rig.ts'

const rig = useImportRig()
const county = { seed: 7, students: 300, studentsPerSchool: 100 } as const

describe('a first import', () => {
  it('creates every student and says what it did', async () => {
    const run = await rig.giveRun(await rig.givePackage(county))
    assert.deepEqual(await rig.step('openRun', run), {
      isTest: false,
      approveHold: false,
      isUnchanged: false,
      heartbeatMs: 30_000,
    })
    const staged = await rig.step('stageRun', run)
    assert.equal(staged.rowsRead, 300)
    assert.equal(staged.isUsable, true)
    const plan = await rig.step('buildPlan', run)
    assert.equal(plan.actions.create, 300)
    assert.equal(plan.keptBack, 'none')
    const applied = await rig.step('applyPlan', { ...run, part: 'all' })
    assert.equal(applied.kind, 'applied')
    const closed = await rig.close(run, { kind: 'applied' })
    assert.equal(closed.state, 'completed')
    assert.equal(closed.undoUntil, '2026-11-25T10:00:00.000Z')
    const { counts, finishedAt } = await rig.readRun(run)
    assert.equal(finishedAt?.toISOString(), '2026-11-22T10:00:00.000Z')
    assert.deepEqual(counts, {
      read: 300,
      rejected: 0,
      skipped: 0,
      created: 300,
      updated: 0,
      deactivated: 0,
      reactivated: 0,
      unchanged: 0,
      duplicates: 0,
    })
  })
})

describe('the package that was applied last', () => {
  it('is recognised before it is read', async () => {
    const run = await rig.giveRun(await rig.givePackage(county))
    assert.equal((await rig.step('openRun', run)).isUnchanged, true)
    assert.equal((await rig.close(run, { kind: 'unchanged' })).state, 'unchanged')
  })

  it('is planned all the same when it is a test', async () => {
    const run = await rig.giveRun(await rig.givePackage(county), { isTest: true })
    assert.equal((await rig.step('openRun', run)).isUnchanged, false)
  })

  it('changes nothing with one byte different', async () => {
    const run = await rig.giveRun(await rig.givePackage({ ...county, comment: 'x' }))
    assert.equal((await rig.importAll(run)).state, 'completed')
    const { counts, undoUntil } = await rig.readRun(run)
    assert.equal(counts.unchanged, 300)
    assert.equal(counts.updated, 0)
    assert.equal(undoUntil, null)
  })

  it('is recognised after that too', async () => {
    const run = await rig.giveRun(await rig.givePackage({ ...county, comment: 'x' }))
    assert.equal((await rig.step('openRun', run)).isUnchanged, true)
  })
})

describe('a package in which students changed', () => {
  it('updates just those and keeps what they were', async () => {
    const run = await rig.giveRun(await rig.givePackage({ ...county, changedEvery: 50 }))
    assert.equal((await rig.importAll(run)).state, 'completed')
    const { counts } = await rig.readRun(run)
    assert.deepEqual([counts.updated, counts.unchanged], [6, 294])
    const { journal } = await rig.readTables()
    assert.equal(journal?.length, 6)
  })

  it('counts in a test what it would do, and does not do it', async () => {
    const run = await rig.giveRun(await rig.givePackage(county), { isTest: true })
    await rig.plan(run)
    assert.equal((await rig.close(run, { kind: 'tested' })).state, 'tested')
    assert.equal((await rig.readRun(run)).counts.updated, 6)
    assert.equal((await rig.readTables()).journal?.length, 6)
  })
})

describe('a package without a third of the students', () => {
  const isLeftOut = (_: unknown, number: number): boolean => number % 3 === 0

  it('is held, discarded, and leaves everything as it was', async () => {
    const before = await rig.readTables()
    const run = await rig.giveRun(await rig.givePackage({ ...county, changedEvery: 50, isLeftOut }))
    const { metLimits, keptBack } = await rig.plan(run)
    assert.equal(keptBack, 'deactivations')
    assert.ok(metLimits.some(({ limit, scope }) => limit === 'deactivations' && scope === 'district'))
    await rig.step('applyPlan', { ...run, part: 'safe' })
    await rig.step('holdForReview', { ...run, metLimits })
    assert.equal((await rig.readRun(run)).state, 'held')
    await rig.step('recordHoldDecision', { ...run, decision: 'discard', by: 'operator-7' })
    assert.equal((await rig.close(run, { kind: 'discarded', reason: 'discarded by operator-7' })).state, 'discarded')
    const after = await rig.readTables()
    assert.deepEqual(after.students, before.students)
    assert.deepEqual(after.journal, before.journal)
  })

  it('is held and applied when it is approved', async () => {
    const run = await rig.giveRun(await rig.givePackage({ ...county, changedEvery: 50, isLeftOut }))
    const { metLimits } = await rig.plan(run)
    await rig.step('applyPlan', { ...run, part: 'safe' })
    await rig.step('holdForReview', { ...run, metLimits })
    assert.deepEqual(await rig.step('listOlderHeldRuns', await rig.giveRun(await rig.givePackage(county))), [
      { runId: run.runId, workflowId: `import/${rig.district}/students/${run.runId}` },
    ])
    await rig.step('recordHoldDecision', { ...run, decision: 'approve', by: 'operator-7' })
    await rig.step('applyPlan', { ...run, part: 'deactivations' })
    assert.equal((await rig.close(run, { kind: 'applied' })).state, 'completed')
    assert.equal((await rig.readRun(run)).counts.deactivated, 100)
  })
})
