import assert from 'node:assert/strict'
import { withDistrict } from '../../../db/database.ts'
import { findNewerWord, findOlderAtWork } from '../../../db/import/last-word.ts'
import type { RunState } from '../../../domain/import-run.ts'
import { useEmptyRig } from '../empty-rig.ts'
import type { Pupil } from '../roster-rig.ts'
import { withUndo } from '../undo/undo-rig.ts'

const district = useEmptyRig()

const pupils = (count: number, change: Partial<Pupil> = {}): Pupil[] =>
  Array.from({ length: count }, (_, index) => ({ key: `k${index}`, sisId: String(1000 + index), ...change }))
const inDistrict = <Result>(work: Parameters<typeof withDistrict<Result>>[2]) =>
  withDistrict(district.rig.db, district.rig.districtId, work)
const newerWord = (runId: string, options: { orHeld?: boolean } = {}) =>
  inDistrict(async (trx) => (await findNewerWord(trx, runId, options))?.runId)

async function setRun(runId: string, assignment: string): Promise<void> {
  await district.rig.owner.query(`update import_runs set ${assignment} where id = $1`, [runId])
}

describe('a plan that is made while another run applies', () => {
  it('is stale, although it knows the version that the other one made', async () => {
    const { rig } = district
    const input = pupils(20, { homeroom: 'A1' })
    await rig.import(input)
    const older = await rig.stage(pupils(20, { homeroom: 'B2' }))
    await rig.plan(older)
    const newer = await rig.stage(pupils(1))
    let batches = 0
    await rig.apply(older, {
      batchRows: 5,
      lanes: 1,
      afterBatch: async () => {
        if (++batches !== 2) return
        // Ten of them are changed, and ten are as the newer input has them.
        await rig.restage(newer, input)
        await rig.plan(newer)
      },
    })
    assert.deepEqual(await rig.apply(newer), { isStale: true })
    await rig.restage(newer, input)
    await rig.plan(newer)
    assert.equal((await rig.apply(newer)).isStale, false)
    assert.ok((await rig.students()).every(({ homeroom }) => homeroom === 'A1'))
  })

  it('is stale as well when the other one is an undo', async () => {
    const { rig } = district
    const undo = withUndo(rig)
    await undo.import(pupils(20))
    const wrong = await undo.import(pupils(20, { homeroom: 'B2' }))
    const next = await rig.stage(pupils(1))
    const opened = await undo.open(wrong)
    let batches = 0
    await undo.carryOut('undo' in opened ? opened.undo.id : '', {
      batchRows: 5,
      lanes: 1,
      afterBatch: async () => {
        if (++batches !== 2) return
        await rig.restage(next, pupils(20, { homeroom: 'B2' }))
        await rig.plan(next)
      },
    })
    assert.deepEqual(await rig.apply(next), { isStale: true })
  })

  it('is stale when what a hold kept back is applied in the meantime', async () => {
    const { rig } = district
    await rig.import(pupils(20))
    const older = await rig.stage(pupils(10, { homeroom: 'B2' }))
    await rig.plan(older)
    await rig.apply(older, { part: 'safe' })
    await setRun(older, `state = 'held'`)
    const newer = await rig.stage(pupils(20))
    await rig.plan(newer)
    await rig.apply(older, { part: 'deactivations' })
    assert.deepEqual(await rig.apply(newer), { isStale: true })
  })
})

describe('a plan with nothing to do', () => {
  it('is stale like any other when the records moved', async () => {
    const { rig } = district
    await rig.import(pupils(3))
    const newer = await rig.stage(pupils(3))
    await rig.plan(newer)
    await rig.import(pupils(3, { homeroom: 'B2' }))
    await setRun(newer, `created_at = now() + interval '1 minute'`)
    assert.deepEqual(await rig.apply(newer), { isStale: true })
  })

  it('keeps an older run from applying', async () => {
    const { rig } = district
    await rig.import(pupils(3))
    const older = await rig.stage(pupils(3, { homeroom: 'B2' }))
    await rig.plan(older)
    const { runId: newer } = await rig.import(pupils(3))
    await setRun(newer, `state = 'completed'`)
    assert.deepEqual(await rig.apply(older), { isStale: true, supersededBy: newer })
  })
})

describe('an input that only says what changed', () => {
  it('waits for an older run that is at work, and for none that is held', async () => {
    const { rig } = district
    await withUndo(rig).import(pupils(3))
    const older = await rig.stage(pupils(3, { homeroom: 'B2' }))
    await rig.plan(older)
    const facts = { isDelta: true, isComplete: false }
    const delta = await rig.stage(pupils(1, { homeroom: 'C3' }), facts)
    await rig.plan(delta, facts)
    assert.deepEqual(await rig.apply(delta), { isStale: true, waitsFor: older })
    await setRun(older, `state = 'held'`)
    assert.equal((await rig.apply(delta)).isStale, false)
  })
})

describe('the word of a newer import', () => {
  const says = async (state: RunState, more = '') => {
    const { rig } = district
    await withUndo(rig).import(pupils(3))
    const older = await rig.stage(pupils(3))
    const newer = await rig.stage(pupils(3))
    await setRun(newer, `state = '${state}'${more}`)
    return { older, newer, isSaid: (await newerWord(older)) === newer }
  }

  it('is said by what is applied, or had nothing to apply, and by what goes on being applied', async () => {
    for (const state of ['applying', 'completed', 'completedWithAlerts', 'unchanged'] as const)
      assert.ok((await says(state)).isSaid, state)
    for (const state of ['validating', 'planned', 'held'] as const) {
      assert.ok(!(await says(state)).isSaid, state)
      assert.ok((await says(state, ', applied_version = 9')).isSaid, state)
    }
  })

  it('is not said by a test, by what ended in vain, by an undo, nor by decisions about duplicates', async () => {
    assert.ok(!(await says('tested', ', is_test = true')).isSaid)
    for (const state of ['cancelled', 'discarded'] as const)
      assert.ok(!(await says(state, ', applied_version = 9')).isSaid, state)
    assert.ok(!(await says('undone', `, applied_version = 9, closed_reason = 'discarded by operator-7'`)).isSaid)
    assert.ok(!(await says('completed', ', undo_of = gen_random_uuid(), applied_version = 9')).isSaid)
    assert.ok(!(await says('completed', ', is_resolution = true, applied_version = 9')).isSaid)
  })

  it('is said by one that is held, where it is asked who is to be asked about', async () => {
    const { older, newer } = await says('held')
    assert.equal(await newerWord(older, { orHeld: true }), newer)
  })

  it('is gone when the import is undone, and back when that is', async () => {
    const { rig } = district
    const undo = withUndo(rig)
    await undo.import(pupils(3))
    const older = await rig.stage(pupils(3))
    const newer = await undo.import(pupils(3, { homeroom: 'B2' }))
    const agreeing = await undo.import(pupils(3, { homeroom: 'B2' }))
    assert.equal(await newerWord(older), agreeing)
    const first = await undo.undo(newer)
    assert.equal(await newerWord(older), undefined)
    await undo.undo(first.undoId)
    assert.equal(await newerWord(older), agreeing)
  })

  it('is nothing to decisions about duplicates unless it changed records', async () => {
    const { older, newer } = await says('unchanged')
    await setRun(older, 'is_resolution = true')
    assert.equal(await newerWord(older), undefined)
    await setRun(newer, `state = 'completed', applied_version = 9`)
    assert.equal(await newerWord(older), newer)
  })

  it('is waited for by nobody who came first', async () => {
    const { older, newer } = await says('validating')
    assert.equal(await inDistrict((trx) => findOlderAtWork(trx, older)), undefined)
    assert.deepEqual(await inDistrict((trx) => findOlderAtWork(trx, newer)), { runId: older })
  })
})
