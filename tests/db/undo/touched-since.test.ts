import assert from 'node:assert/strict'
import { useEmptyRig } from '../empty-rig.ts'
import type { Pupil } from '../roster-rig.ts'
import { withUndo } from './undo-rig.ts'

/** Undone field by field: a record that was touched, before its run or after it, or by another run that was undone. */
const district = useEmptyRig()

const pupils = (change: Partial<Pupil> = {}): Pupil[] =>
  ['1', '2', '3'].map((sisId) => ({ key: `k${sisId}`, sisId, birthDate: '2011-05-06', ...change }))

const homerooms = async () => (await district.rig.students()).map(({ homeroom }) => homeroom)
const told = (end: { skipped: readonly { field: string; reason: string; by: string | null }[] }) =>
  end.skipped.map(({ field, reason, by }) => `${field} ${reason} ${by}`)

describe('undoing a run whose record was touched', () => {
  it('takes back a field that somebody edited before the run, and tells of it so', async () => {
    const rig = withUndo(district.rig)
    await rig.import(pupils({ homeroom: 'A' }))
    await rig.edit('1', `homeroom = 'C', custom_fields = '{"bus": "7"}'`)
    const before = await rig.values()
    const runId = await rig.import(pupils({ homeroom: 'B', bus: '8' }))
    await rig.edit('1', `phone = '555'`)
    const preview = await rig.preview(runId)
    const undone = await rig.undo(runId)
    assert.deepEqual([undone.skipped, preview.skipped, preview.reverted], [[], [], 3])
    const [edited] = (await rig.values()).values()
    const [was] = before.values()
    assert.deepEqual(edited, { ...was, phone: '555' })
  })

  it('keeps what a person made of it, and names the last who did', async () => {
    const rig = withUndo(district.rig)
    await rig.import(pupils({ homeroom: 'A' }))
    const runId = await rig.import(pupils({ homeroom: 'B' }))
    await rig.edit('1', `homeroom = 'C'`)
    await rig.edit('1', `homeroom = 'D'`, 'Mr. Birch')
    await rig.edit('2', `homeroom = 'C'`, 'Mr. Birch')
    await rig.edit('2', `phone = '555'`)
    const undone = await rig.undo(runId)
    assert.deepEqual(told(undone), ['homeroom changedByPerson Mr. Birch', 'homeroom changedByPerson Mr. Birch'])
    assert.deepEqual(await homerooms(), ['D', 'C', 'A'])
  })

  it('names the person also where a run came after her that was taken back', async () => {
    const rig = withUndo(district.rig)
    await rig.import(pupils({ homeroom: 'A' }))
    const runId = await rig.import(pupils({ homeroom: 'B' }))
    await rig.edit('1', `homeroom = 'C'`)
    const later = await rig.import(pupils({ homeroom: 'E' }))
    await rig.edit('2', `homeroom = 'F'`)
    await rig.undo(later)
    assert.deepEqual(await homerooms(), ['C', 'F', 'B'])
    const preview = await rig.preview(runId)
    const undone = await rig.undo(runId)
    assert.deepEqual(told(undone), ['homeroom changedByPerson Ms. Alder', 'homeroom changedByPerson Ms. Alder'])
    assert.deepEqual(preview.skipped, undone.skipped)
    assert.deepEqual(await homerooms(), ['C', 'F', 'A'])
  })

  it('counts as what it is, a deactivation or a reactivation', async () => {
    const rig = withUndo(district.rig)
    await rig.import([...pupils(), { key: 'k4', sisId: '4' }])
    const runId = await rig.import(pupils().slice(0, 2))
    await rig.edit('3', `phone = '555'`)
    const undone = await rig.undo(runId)
    assert.deepEqual((await rig.readRun(undone.undoId)).counts, { updated: 0, reactivated: 2, deactivated: 0 })
    await rig.edit('3', `phone = '556'`)
    const redone = await rig.undo(undone.undoId)
    assert.deepEqual((await rig.readRun(redone.undoId)).counts, { updated: 0, reactivated: 0, deactivated: 2 })
    const statuses = (await district.rig.students()).map(({ status }) => status)
    assert.deepEqual(statuses, ['active', 'active', 'inactive', 'inactive'])
  })

  it('keeps what was touched at all, where an earlier release wrote down no more than what was before', async () => {
    const rig = withUndo(district.rig)
    await rig.import(pupils({ homeroom: 'A' }))
    const runId = await rig.import(pupils({ homeroom: 'B' }))
    await district.rig.owner.query('update journal set after = null where run_id = $1', [runId])
    await rig.edit('1', `phone = '555'`)
    const preview = await rig.preview(runId)
    const undone = await rig.undo(runId)
    assert.deepEqual(told(undone), ['homeroom changedSince null'])
    assert.deepEqual(preview.skipped, undone.skipped)
    assert.deepEqual(await homerooms(), ['B', 'A', 'A'])
  })

  it('gives back an id that nobody else has', async () => {
    const rig = withUndo(district.rig)
    await rig.import(pupils())
    const runId = await rig.import(pupils().map((pupil) => (pupil.key === 'k1' ? { ...pupil, sisId: '10' } : pupil)))
    await rig.edit('10', `phone = '555'`)
    const undone = await rig.undo(runId)
    assert.deepEqual(undone.skipped, [])
    assert.deepEqual(
      (await district.rig.students()).map(({ sis_id, source_key }) => `${sis_id} ${source_key}`),
      ['1 k1', '2 k2', '3 k3'],
    )
  })

  it('brings back a custom field that the run emptied', async () => {
    const rig = withUndo(district.rig)
    await rig.import(pupils({ bus: '7' }))
    const runId = await rig.import(pupils(), { settings: { overwriteWithBlank: true } })
    assert.equal((await district.rig.students())[0]?.bus, null)
    await rig.edit('1', `phone = '555'`)
    const undone = await rig.undo(runId)
    assert.deepEqual(undone.skipped, [])
    assert.deepEqual(
      (await district.rig.students()).map(({ bus }) => bus),
      ['7', '7', '7'],
    )
  })
})
