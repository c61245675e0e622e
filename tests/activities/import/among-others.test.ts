import assert from 'node:assert/strict'
import { useImportRig } from '../import-rig.ts'

const rig = useImportRig()
const county = { seed: 11, students: 24, studentsPerSchool: 24 } as const
const wrong = { ...county, changedEvery: 3 }
const isGone = (_: unknown, number: number) => number % 2 === 0
const wish = { by: 'operator-7', reason: 'wrong file' }

const setRun = (runId: string, assignment: string) =>
  rig.ask(`update import_runs set ${assignment} where id = '${runId}'`)
const changedNames = async () => (await rig.ask(`select given_name from students where given_name like '%a'`)).length
const giveRun = async (request: Parameters<typeof rig.givePackage>[0]) => rig.giveRun(await rig.givePackage(request))

describe('a run among others', () => {
  it('that has nothing to do is over when that is found out, and stays so when the step is repeated', async () => {
    await rig.importAll(await giveRun(county))
    const run = await giveRun(county)
    for (const _attempt of [1, 2]) assert.equal((await rig.step('openRun', run)).isUnchanged, true)
    const { state, finishedAt } = await rig.readRun(run)
    assert.deepEqual([state, finishedAt?.toISOString()], ['unchanged', '2026-11-22T10:00:00.000Z'])
    assert.equal((await rig.close(run, { kind: 'unchanged' })).state, 'unchanged')
    const events = await rig.ask(`select kind from events where run_id = '${run.runId}'`)
    assert.deepEqual(events, [{ kind: 'runUnchanged' }])
  })

  it('waits to be opened while an undo that was asked for before is open, and then brings its input back', async () => {
    const target = await giveRun(wrong)
    await rig.importAll(target)
    const changed = await changedNames()
    const opened = await rig.step('openUndo', { ...target, ...wish })
    assert.ok(opened.kind === 'opened')
    const again = await giveRun(wrong)
    assert.equal((await rig.step('openRun', again)).waitsFor, opened.undoRunId)
    const undo = { districtId: rig.districtId, runId: opened.undoRunId }
    await rig.step('carryOutUndo', undo)
    await rig.step('closeUndo', { ...undo, outcome: { kind: 'done' } })
    assert.notEqual(await changedNames(), changed)
    assert.deepEqual(await rig.step('openRun', again), {
      ...{ isTest: false, approveHold: false, isUnchanged: false, heartbeatMs: 30_000 },
    })
    await rig.importAll(again)
    assert.equal(await changedNames(), changed)
  })

  it('that an undo overtakes makes its plan again, and is no older input', async () => {
    const target = await giveRun(county)
    await rig.importAll(target)
    const next = await giveRun(wrong)
    await rig.plan(next)
    const opened = await rig.step('openUndo', { ...target, ...wish })
    assert.ok(opened.kind === 'opened')
    const undo = { districtId: rig.districtId, runId: opened.undoRunId }
    await rig.step('carryOutUndo', undo)
    await rig.step('closeUndo', { ...undo, outcome: { kind: 'done' } })
    assert.deepEqual(await rig.step('applyPlan', { ...next, part: 'all' }), { kind: 'stale' })
    assert.equal((await rig.importAll(next)).state, 'completed')
  })

  it('is superseded by a newer one also after its harmless part was applied', async () => {
    await rig.importAll(await giveRun(county))
    const older = await giveRun({ ...wrong, isLeftOut: isGone })
    const { metLimits, keptBack } = await rig.plan(older)
    assert.equal(keptBack, 'deactivations')
    await rig.step('applyPlan', { ...older, part: 'safe' })
    assert.deepEqual(await rig.step('holdForReview', { ...older, metLimits }), {})
    const newer = await giveRun(county)
    // The records are not what they were before the older one came.
    assert.equal((await rig.step('openRun', newer)).isUnchanged, false)
    await rig.importAll(newer)
    assert.deepEqual(await rig.step('applyPlan', { ...older, part: 'deactivations' }), {
      kind: 'superseded',
      byRunId: newer.runId,
    })
    await rig.close(older, { kind: 'discarded', reason: 'the newer run takes its place' })
    const active = await rig.ask(`select from students where status = 'active'`)
    assert.equal(active.length, county.students)
  })

  it('takes the place of nobody when it carries decisions out', async () => {
    const held = await giveRun({ ...county, isLeftOut: isGone })
    const { metLimits } = await rig.plan(held)
    await rig.step('holdForReview', { ...held, metLimits })
    const other = await giveRun(county)
    assert.equal((await rig.step('listOlderHeldRuns', other)).length, 1)
    await setRun(other.runId, 'is_resolution = true')
    assert.deepEqual(await rig.step('listOlderHeldRuns', other), [])
  })
})
