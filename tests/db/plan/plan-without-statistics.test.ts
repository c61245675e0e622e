import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { withDistrict } from '../../../db/database.ts'
import { buildMatchSql } from '../../../db/plan/plan-sql.ts'
import { students } from '../../../domain/data-types/students.ts'
import { useEmptyRig } from '../empty-rig.ts'
import { rosterParts } from '../roster-rig.ts'

const district = useEmptyRig()

describe('a plan of which the planner knows nothing', () => {
  it('has records that are taken for none counted first: each staged row would be compared with each', async () => {
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

  it('looks up what an input did not show by one hash, whatever is known of it', async () => {
    const { rig } = district
    const pupils = Array.from({ length: 500 }, (_, at) => ({ key: `k${at}`, sisId: String(1000 + at) }))
    await rig.import(pupils)
    const runId = await rig.stage(pupils.map((pupil) => ({ ...pupil, homeroom: 'B2' })))
    // Counted when the rows of this run were there, while those it is compared with are taken for none.
    await rig.owner.query('analyze staged_unseen')
    await rig.owner.query(`delete from pg_statistic where starelid = 'staged_students'::regclass`)
    await rig.owner.query(`update pg_class set reltuples = 0, relpages = 1 where oid = 'staged_students'::regclass`)
    const uuid = (text: string) => `'${text}'::uuid`
    const match = buildMatchSql(students, rosterParts, {
      district: uuid(rig.districtId),
      run: uuid(runId),
      planNo: '0::smallint',
      connection: uuid(rig.connectionId),
      fingerprint: '7::bigint',
      heldSnapshot: `'1:1:'::pg_snapshot`,
      schools: null,
      outside: null,
      overwriteWithBlank: false,
      isComplete: true,
      isDelta: false,
      wholeAsOf: null,
    })
    const plan = await withDistrict(rig.db, rig.districtId, async (trx) => {
      const { rows } = await sql.raw<{ 'QUERY PLAN': string }>(`explain ${match}`).execute(trx.withoutPlugins())
      return rows.map((row) => row['QUERY PLAN'])
    })
    const at = plan.findIndex((line) => line.includes('on staged_unseen'))
    const above = plan.slice(0, at).reverse()
    const owner = above.find((line) => /SubPlan|Join|Loop/.test(line)) ?? ''
    assert.match(owner, /SubPlan/, plan.join('\n'))
    assert.match(plan.join('\n'), /hashed SubPlan/)
  })
})
