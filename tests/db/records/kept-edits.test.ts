import assert from 'node:assert/strict'
import { withDistrict } from '../../../db/database.ts'
import { editRecord, type RecordEdit } from '../../../db/records/edit-record.ts'
import { findRecord, findRecordWithOrigins } from '../../../db/records/find-record.ts'
import { students } from '../../../domain/data-types/students.ts'
import { useEmptyRig } from '../empty-rig.ts'
import type { RosterRig } from '../roster-rig.ts'
import { withUndo } from '../undo/undo-rig.ts'

const district = useEmptyRig()

function people(rig: RosterRig) {
  const { db, districtId } = rig
  const idOf = async (sisId: string) => {
    const { rows } = await rig.owner.query<{ id: string }>('select id from students where sis_id = $1', [sisId])
    return rows[0]?.id ?? ''
  }
  return {
    write: async (sisId: string, change: Partial<RecordEdit>): Promise<void> => {
      const id = await idOf(sisId)
      await withDistrict(db, districtId, async (trx) => {
        const record = await findRecord(trx, students, id, { isLocked: true })
        assert.ok(record)
        await editRecord(trx, students, record, {
          fields: {},
          customFields: {},
          giveBack: [],
          by: 'Ms. Alder',
          ...change,
        })
      })
    },
    show: async (sisId: string) => {
      const id = await idOf(sisId)
      const record = await withDistrict(db, districtId, (trx) => findRecordWithOrigins(trx, students, id))
      assert.ok(record)
      return record
    },
  }
}

const pupil = { key: 'k1', sisId: 's1', email: 'a@source.org', homeroom: '1A', bus: '7' }

describe('what a person wrote', () => {
  it('stays through imports that bring another value, beside which everything else is taken over', async () => {
    const { rig } = district
    const { write, show } = people(rig)
    const first = await rig.import([pupil])
    await write('s1', { fields: { email: 'mine@example.org' }, customFields: { bus: '12' } })
    for (const homeroom of ['2B', '3C']) {
      const { applied } = await rig.import([{ ...pupil, homeroom, email: `${homeroom}@source.org`, bus: homeroom }])
      assert.equal(applied.update, 1)
      const { values, customFields, keptFields } = await show('s1')
      assert.equal(values['email'], 'mine@example.org')
      assert.equal(values['homeroom'], homeroom)
      assert.deepEqual(customFields, { bus: '12' })
      assert.deepEqual(keptFields, ['customFields.bus', 'email'])
    }
    const { origins } = await show('s1')
    const email = origins.get('email')
    assert.deepEqual([email?.owner, email?.by, email?.runId], ['person', 'Ms. Alder', null])
    assert.deepEqual(origins.get('customFields.bus')?.by, 'Ms. Alder')
    assert.equal(origins.get('givenName')?.runId, first.runId)
    assert.equal(origins.get('givenName')?.connectionId, rig.connectionId)
    assert.equal(origins.get('phone')?.at, null)
  })

  it('is no reason for an update, and the record is known by its digest again', async () => {
    const { rig } = district
    const { write } = people(rig)
    await rig.import([pupil])
    await write('s1', { fields: { email: 'mine@example.org' } })
    const { applied } = await rig.import([pupil])
    assert.equal(applied.update, 0)
    const runId = await rig.stage([pupil])
    await rig.plan(runId)
    assert.deepEqual(await rig.planRows(runId), [])
  })

  it('is the source’s again from the next import on once it is given back', async () => {
    const { rig } = district
    const { write, show } = people(rig)
    await rig.import([pupil])
    await write('s1', { fields: { email: 'mine@example.org', homeroom: '9Z' } })
    await write('s1', { giveBack: ['email'] })
    assert.equal((await show('s1')).values['email'], 'mine@example.org')
    await rig.import([pupil])
    const { values, keptFields } = await show('s1')
    assert.deepEqual([values['email'], values['homeroom']], ['a@source.org', '9Z'])
    assert.deepEqual(keptFields, ['homeroom'])
  })

  it('may be blank, and stays blank', async () => {
    const { rig } = district
    const { write, show } = people(rig)
    await rig.import([pupil])
    await write('s1', { fields: { email: null }, customFields: { bus: null } })
    await rig.import([{ ...pupil, homeroom: '2B' }])
    const { values, customFields, origins } = await show('s1')
    assert.deepEqual([values['email'], customFields], [null, null])
    assert.equal(origins.get('email')?.by, 'Ms. Alder')
  })

  it('is not taken back with a run, which says who wrote it', async () => {
    const { rig } = district
    const { write, show } = people(rig)
    const whole = withUndo(rig)
    await whole.import([pupil])
    const run = await whole.import([{ ...pupil, homeroom: '2B', email: 'b@source.org' }])
    await write('s1', { fields: { email: 'mine@example.org' } })
    const { skipped } = await whole.undo(run)
    assert.deepEqual(
      skipped.map(({ field, reason, by }) => ({ field, reason, by })),
      [{ field: 'email', reason: 'changedByPerson', by: 'Ms. Alder' }],
    )
    const { values, keptFields } = await show('s1')
    assert.deepEqual([values['email'], values['homeroom'], keptFields], ['mine@example.org', '1A', ['email']])
  })
})
