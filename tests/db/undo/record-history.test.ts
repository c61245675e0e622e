import assert from 'node:assert/strict'
import { purgeJournal } from '../../../db/retention/purge-journal.ts'
import { useEmptyRig } from '../empty-rig.ts'
import { withUndo } from './undo-rig.ts'

const district = useEmptyRig()

/** One record: created, edited, changed by a run, taken back, brought back. */
async function tellStory() {
  const rig = withUndo(district.rig)
  const created = await rig.import([{ key: 'a', sisId: '1', bus: '7' }])
  await rig.edit('1', `phone = '555', custom_fields = '{"bus": "8"}'`)
  const changed = await rig.import([{ key: 'a', sisId: '1', bus: '9', homeroom: 'B' }])
  const undone = await rig.undo(changed)
  const firstUndone = await rig.undo(created)
  const [id = ''] = (await rig.values()).keys()
  return { rig, id, runs: { created, changed, undone: undone.undoId, firstUndone: firstUndone.undoId } }
}

describe('the history of a record', () => {
  it('tells which run or person changed which field', async () => {
    const { rig, id, runs } = await tellStory()
    const history = await rig.history(id)
    assert.deepEqual(
      history?.map(({ action, runId, undoOf, by, fields, changes }) => ({
        action,
        runId,
        undoOf,
        by,
        fields,
        changes,
      })),
      [
        { action: 'create', runId: runs.created, undoOf: null, by: null, fields: [], changes: null },
        {
          ...{ action: 'edit', runId: null, undoOf: null, by: 'Ms. Alder', fields: ['customFields.bus', 'phone'] },
          changes: { phone: [null, '555'], 'customFields.bus': ['7', '8'] },
        },
        {
          ...{
            action: 'update',
            runId: runs.changed,
            undoOf: null,
            by: null,
            fields: ['customFields.bus', 'homeroom'],
          },
          changes: { homeroom: [null, 'B'], 'customFields.bus': ['8', '9'] },
        },
        {
          ...{
            action: 'update',
            runId: runs.undone,
            undoOf: runs.changed,
            by: null,
            fields: ['customFields.bus', 'homeroom'],
          },
          changes: { homeroom: ['B', null], 'customFields.bus': ['9', '8'] },
        },
        {
          ...{ action: 'deactivate', runId: runs.firstUndone, undoOf: runs.created, by: null, fields: ['status'] },
          changes: { status: ['active', 'inactive'] },
        },
      ],
    )
  })

  it('keeps who, which field and when, after the values are purged', async () => {
    const { rig, id, runs } = await tellStory()
    const before = await rig.history(id)
    const { districtId, db, owner } = district.rig
    const { purgedRows } = await purgeJournal(db, { districtId, runId: runs.changed, now: new Date() })
    assert.equal(purgedRows, 1)
    assert.equal((await purgeJournal(db, { districtId, runId: runs.changed, now: new Date() })).purgedRows, 0)
    const { rows } = await owner.query('select from journal where run_id = $1', [runs.changed])
    assert.equal(rows.length, 0)
    const purged = { changes: null, revision: 0 }
    const expected = before?.map((entry) => (entry.runId === runs.changed ? { ...entry, ...purged } : entry))
    assert.deepEqual(await rig.history(id), expected)
  })

  it('is none of a record that is not there', async () => {
    assert.equal(await withUndo(district.rig).history('00000000-0000-7000-8000-000000000000'), undefined)
  })
})

describe('a run whose journal is purged', () => {
  it('cannot be undone, and says so', async () => {
    const rig = withUndo(district.rig)
    await rig.import([{ key: 'a', sisId: '1' }])
    const runId = await rig.import([{ key: 'a', sisId: '1', homeroom: 'B' }])
    const { db, districtId } = district.rig
    await purgeJournal(db, { districtId, runId, now: new Date() })
    await assert.rejects(rig.undo(runId), /window ended .* what undo needs is gone/)
  })
})
