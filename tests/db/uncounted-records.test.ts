import assert from 'node:assert/strict'
import { useEmptyRig } from './empty-rig.ts'

const district = useEmptyRig()

describe('a plan over records that the planner takes for none', () => {
  it('has them counted first: otherwise each staged row is compared with each of them', async () => {
    const { rig } = district
    const pupils = Array.from({ length: 2000 }, (_, at) => ({ key: `k${at}`, sisId: String(1000 + at) }))
    await rig.import(pupils)
    // As it is when they were counted before the transaction that wrote them was over.
    const table = `'students'::regclass`
    await rig.owner.query(`delete from pg_statistic where starelid = ${table}`)
    await rig.owner.query(`update pg_class set reltuples = 0, relpages = 1 where oid = ${table}`)
    const { actions } = await rig.plan(await rig.stage(pupils.map((pupil) => ({ ...pupil, homeroom: 'B2' }))))
    assert.equal(actions.update, 2000)
    const { rows } = await rig.owner.query<{ count: number }>(
      `select reltuples::int as count from pg_class where oid = ${table}`,
    )
    assert.ok((rows[0]?.count ?? 0) >= 2000)
  })
})
