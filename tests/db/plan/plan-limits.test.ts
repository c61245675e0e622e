import assert from 'node:assert/strict'
import { useEmptyRig } from '../empty-rig.ts'
import type { Pupil } from '../roster-rig.ts'

const district = useEmptyRig()

/** 100 pupils: 94 of north and south, 6 of a tiny school. */
const everybody: readonly Pupil[] = Array.from({ length: 100 }, (_, index) => ({
  key: `k${index}`,
  sisId: String(1000 + index),
  givenName: `Given ${index}`,
  familyName: `Family ${index}`,
  email: `pupil${index}@example.org`,
  school: index >= 94 ? 'tiny' : index % 2 === 0 ? 'north' : 'south',
}))

async function planOf(pupils: readonly Pupil[], facts: { rejectedCount?: number } = {}) {
  const { rig } = district
  await rig.import(everybody)
  const runId = await rig.stage(pupils, facts)
  const { metLimits, keptBack } = await rig.plan(runId)
  const names = metLimits.map(({ limit, scope, count }) => `${scope} ${limit} ${count}`)
  return { names, metLimits, keptBack }
}

describe('a plan', () => {
  it('that removes thirty of a hundred meets the limits of the district and of both schools', async () => {
    const { names, keptBack } = await planOf(everybody.slice(30))

    assert.deepEqual(names.sort(), ['district deactivations 30', 'school deactivations 15', 'school deactivations 15'])
    assert.equal(keptBack, 'deactivations')
  })

  it('that removes a whole small school meets the limit of that school alone', async () => {
    const { metLimits } = await planOf(everybody.slice(0, 94))
    const { rows } = await district.rig.owner.query<{ id: string }>(`select id from orgs where source_key = 'tiny'`)

    assert.deepEqual(metLimits, [
      { limit: 'deactivations', scope: 'school', schoolId: rows[0]?.id, value: 1, max: 0.1, count: 6 },
    ])
  })

  it('that removes four of a small school meets none', async () => {
    assert.deepEqual(await planOf(everybody.slice(0, 96)), { names: [], metLimits: [], keptBack: 'none' })
  })

  it('that removes all of a school is held though they are fewer than the limit asks for', async () => {
    const { rig } = district
    const few = everybody.slice(0, 98)
    await rig.import(few)
    const { metLimits, keptBack } = await rig.plan(await rig.stage(few.slice(0, 94)))
    assert.deepEqual(
      metLimits.map(({ limit, scope, value, max, count }) => [limit, scope, value, max, count]),
      [['deactivations', 'school', 1, 1, 4]],
    )
    assert.equal(keptBack, 'deactivations')
  })

  it('that closes a school and moves its pupils to another is not held', async () => {
    const { rig } = district
    await rig.import(everybody)
    const moved = everybody
      .slice(0, 98)
      .map((pupil) => (pupil.school === 'tiny' ? { ...pupil, school: 'north' } : pupil))
    const { metLimits, actions } = await rig.plan(await rig.stage(moved))
    assert.deepEqual([actions.update, actions.deactivate, metLimits], [4, 2, []])
  })

  it('by which half of a school moves and half is gone is held for the school they leave', async () => {
    const { rig } = district
    await rig.import(everybody)
    const left = everybody
      .slice(0, 97)
      .map((pupil) => (pupil.school === 'tiny' ? { ...pupil, school: 'north' } : pupil))
    const { metLimits } = await rig.plan(await rig.stage(left))
    const { rows } = await rig.owner.query<{ id: string }>(`select id from orgs where source_key = 'tiny'`)
    assert.deepEqual(
      metLimits.map(({ scope, schoolId, count }) => [scope, schoolId, count]),
      [['school', rows[0]?.id, 3]],
    )
  })

  it('that gives everybody new ids meets the limit of the id scheme, and is kept back whole', async () => {
    const { names, keptBack } = await planOf(
      everybody.map((pupil) => ({ ...pupil, key: `new-${pupil.key}`, sisId: `9${pupil.sisId ?? ''}` })),
    )

    assert.ok(names.includes('district idSchemeChange 100'))
    assert.equal(keptBack, 'all')
  })

  it('that gives records another id under the same source key meets it too', async () => {
    const { names } = await planOf(
      everybody.map((pupil, index) => (index < 6 ? { ...pupil, sisId: `9${pupil.sisId ?? ''}` } : pupil)),
    )

    assert.deepEqual(names, ['district idSchemeChange 6'])
  })

  it('that changes three quarters of the records meets the limit of updates', async () => {
    const { names, keptBack } = await planOf(
      everybody.map((pupil, index) => (index < 75 ? { ...pupil, homeroom: 'B2' } : pupil)),
    )

    assert.deepEqual(names, ['district updates 75'])
    assert.equal(keptBack, 'all')
  })

  it('whose input has errors in a tenth of its rows meets the limit of errors', async () => {
    const { names } = await planOf(everybody, { rejectedCount: 10 })

    assert.deepEqual(names, ['district errorFindings 10'])
  })

  it('is counted by action and school', async () => {
    await planOf(everybody.slice(0, 94))
    const { rows } = await district.rig.owner.query(
      `select action, o.source_key as school, count from plan_counts c join orgs o on o.id = c.school_id
       where action = 'deactivate'`,
    )

    assert.deepEqual(rows, [{ action: 'deactivate', school: 'tiny', count: 6 }])
  })
})
