import assert from 'node:assert/strict'
import { useEmptyRig } from '../empty-rig.ts'

const district = useEmptyRig()

describe('a pupil of several schools', () => {
  const settingsFor = async (...names: readonly string[]) => {
    const { rows } = await district.rig.owner.query<{ id: string }>(
      'select id from orgs where source_key = any ($1::text[])',
      [names],
    )
    return { schools: rows.map(({ id }) => id) }
  }

  it('belongs to an import that is limited to the school we hold, whichever is listed first', async () => {
    const { rig } = district
    await rig.import([{ key: 'k1', school: 'south' }])
    const runId = await rig.stage([{ key: 'k1', school: 'north', schools: ['north', 'south'], homeroom: 'B2' }])
    const { actions } = await rig.plan(runId, { settings: await settingsFor('south') })
    assert.deepEqual([actions.update, actions.skip, actions.deactivate], [1, 0, 0])
    assert.deepEqual(await rig.planRows(runId), [
      { seq: 1, action: 'update', reason: null, changes: { homeroom: [null, 'B2'] } },
    ])
  })

  it('does not when that school is none of them', async () => {
    const { rig } = district
    await rig.import([{ key: 'k1', school: 'south' }])
    const runId = await rig.stage([{ key: 'k1', school: 'north', schools: ['north', 'tiny'] }])
    const { actions } = await rig.plan(runId, { settings: await settingsFor('south') })
    assert.deepEqual([actions.update, actions.skip], [0, 1])
  })

  it('keeps the school when the record is found again', async () => {
    const { rig } = district
    await rig.import([{ key: 'k1', school: 'south' }, { key: 'k2' }])
    await rig.import([{ key: 'k2' }])
    await rig.import([{ key: 'k1', school: 'north', schools: ['north', 'south'] }, { key: 'k2' }])
    const [pupil] = await rig.students()
    assert.deepEqual([pupil?.status, pupil?.school], ['active', 'south'])
  })
})
