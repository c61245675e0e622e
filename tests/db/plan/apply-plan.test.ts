import assert from 'node:assert/strict'
import { withDistrict } from '../../../db/database.ts'
import { isAppliedInput } from '../../../db/plan/applied-input.ts'
import { getRun } from '../../../db/import/runs.ts'
import { students } from '../../../domain/data-types/students.ts'
import { useEmptyRig } from '../empty-rig.ts'
import type { Pupil } from '../roster-rig.ts'

const district = useEmptyRig()

const pupils = (count: number, change: Partial<Pupil> = {}): Pupil[] =>
  Array.from({ length: count }, (_, index) => ({ key: `k${index}`, sisId: String(1000 + index), ...change }))

/** Held: 20 pupils. Planned: 5 unchanged by digest, 10 updated, 5 absent, 7 new. */
async function planMixedRun(): Promise<string> {
  const { rig } = district
  await rig.import(pupils(20))
  const [kept, changed] = [pupils(5), pupils(15, { homeroom: 'B2' }).slice(5)]
  const added = Array.from({ length: 7 }, (_, index) => ({ key: `new${index}`, sisId: String(2000 + index) }))
  const runId = await rig.stage([...kept, ...changed, ...added])
  await rig.plan(runId)
  return runId
}

/** Everything an apply writes, without times and ids of their own. */
async function readTables() {
  const { owner } = district.rig
  const records = await owner.query(
    'select sis_id, homeroom, status, revision, primary_digest from students order by sis_id',
  )
  const journal = await owner.query('select seq, action, before, revision from journal order by plan_no, seq')
  const versions = await owner.query(
    'select version::int, last_applied_sha256 is not null as is_whole from dataset_versions',
  )
  const runs = await owner.query('select counts from import_runs order by created_at desc limit 1')
  return { records: records.rows, journal: journal.rows, versions: versions.rows, runs: runs.rows }
}

const expectedActions = { create: 7, update: 10, deactivate: 5, reactivate: 0, unchanged: 0, skip: 0 }

describe('applying a plan', () => {
  it('a second time changes nothing', async () => {
    const { rig } = district
    const runId = await planMixedRun()
    assert.deepEqual(await rig.apply(runId), { isStale: false, actions: expectedActions })
    const before = await readTables()

    assert.deepEqual(await rig.apply(runId), { isStale: false, actions: expectedActions })
    assert.deepEqual(await readTables(), before)
  })

  it('twice at once does the work of one', async () => {
    const { rig } = district
    const runId = await planMixedRun()
    const both = await Promise.all([
      rig.apply(runId, { batchRows: 3, lanes: 2 }),
      rig.apply(runId, { batchRows: 4, lanes: 2 }),
    ])

    assert.deepEqual(
      both.map((result) => result.isStale),
      [false, false],
    )
    assert.equal((await rig.students()).length, 27)
    assert.equal((await readTables()).journal.length, 15)
  })

  it('that was killed between batches goes on where it stopped', async () => {
    const { rig } = district
    const undisturbed = await planMixedRun()
    await rig.apply(undisturbed)
    const expected = await readTables()

    for (let killedAfter = 1; killedAfter <= 6; killedAfter++) {
      await rig.owner.query('truncate students, applied_batches, journal, dataset_versions, import_runs, plan_rows')
      const runId = await planMixedRun()
      let batches = 0
      const kill = () => {
        if (++batches === killedAfter) throw new Error('killed')
      }
      await assert.rejects(rig.apply(runId, { batchRows: 5, lanes: 1 + (killedAfter % 2), afterBatch: kill }), /killed/)
      const run = await withDistrict(rig.db, rig.districtId, (trx) => getRun(trx, runId))
      const { rows } = await rig.owner.query<{ count: number }>(
        `select count(*)::int as count from students where status = 'inactive'`,
      )
      assert.equal(run.counts.deactivated, rows[0]?.count, 'the counts are those of what is applied')

      // Whoever goes on may have been given another size of batches.
      assert.deepEqual(await rig.apply(runId, { batchRows: 4, lanes: 3 }), { isStale: false, actions: expectedActions })
      assert.deepEqual(await readTables(), expected)
    }
  })

  it('keeps the deactivations back when only the safe part is asked for', async () => {
    const { rig } = district
    const runId = await planMixedRun()
    await rig.apply(runId, { part: 'safe' })
    const isActive = ({ status }: { status: string }) => status === 'active'
    assert.equal((await rig.students()).filter(isActive).length, 27)
    assert.deepEqual((await readTables()).versions, [{ version: 2, is_whole: false }])

    await rig.apply(runId, { part: 'deactivations' })
    assert.equal((await rig.students()).filter(isActive).length, 22)
    assert.deepEqual((await readTables()).versions, [{ version: 2, is_whole: true }])
  })

  it('is superseded when a newer run was applied since the digests were read', async () => {
    const { rig } = district
    const runId = await planMixedRun()
    const newer = await rig.import(pupils(20, { homeroom: 'C3' }))
    const before = await readTables()

    assert.deepEqual(await rig.apply(runId), { isStale: true, supersededBy: newer.runId })
    assert.deepEqual(await readTables(), before)
  })

  it('is refused when an older run was applied since the digests were read', async () => {
    const { rig } = district
    await rig.import(pupils(20))
    const older = await rig.stage(pupils(20, { homeroom: 'C3' }))
    await rig.plan(older)
    const runId = await rig.stage(pupils(15, { homeroom: 'B2' }))
    await rig.plan(runId)
    await rig.apply(older)
    const before = await readTables()

    assert.deepEqual(await rig.apply(runId), { isStale: true })
    assert.deepEqual(await readTables(), before)
  })

  it('is refused when a record with the id of a new one was made since', async () => {
    const { rig } = district
    await rig.import(pupils(1))
    const runId = await rig.stage(pupils(2))
    await rig.plan(runId)
    await rig.owner.query(`insert into students (district_id, sis_id, given_name, family_name, school_id)
      select district_id, '1001', 'Grace', 'Hopper', school_id from students`)

    assert.deepEqual(await rig.apply(runId), { isStale: true })
  })

  it('given up for dead stops when its successor stages the input again', async () => {
    const { rig } = district
    const runId = await rig.stage(pupils(9))
    await rig.plan(runId)
    let batches = 0
    const zombie = await rig.apply(runId, {
      batchRows: 3,
      afterBatch: async () => {
        if (++batches === 1) await rig.restage(runId, pupils(9))
      },
    })

    assert.deepEqual(zombie, { isStale: true })
    await rig.plan(runId)
    await rig.apply(runId)
    assert.equal((await rig.students()).length, 9)
  })

  it('is refused batch by batch when a record of it was edited, and goes on under a new plan', async () => {
    const { rig } = district
    const runId = await planMixedRun()
    await rig.owner.query(`update students set homeroom = 'by hand' where sis_id = '1012'`)
    const input = [...pupils(5), ...pupils(15, { homeroom: 'B2' }).slice(5), { key: 'new0', sisId: '2000' }]

    assert.deepEqual(await rig.apply(runId, { batchRows: 4 }), { isStale: true })
    const student = (await rig.students()).find(({ sis_id }) => sis_id === '1012')
    assert.equal(student?.homeroom, 'by hand')

    await rig.restage(runId, input)
    await rig.plan(runId)
    const again = await rig.apply(runId, { batchRows: 4 })
    assert.equal(again.isStale, false)
    const homerooms = (await rig.students()).slice(5, 15).map(({ homeroom }) => homeroom)
    assert.deepEqual(
      homerooms,
      Array.from({ length: 10 }, () => 'B2'),
    )
    const { rows } = await rig.owner.query(
      `select j.before ->> 'homeroom' as homeroom from journal j join students s on s.id = j.record_id
       where s.sis_id = '1012'`,
    )
    assert.deepEqual(rows, [{ homeroom: 'by hand' }])
  })
})

describe('the identical-input short cut', () => {
  const isApplied = (sha256: string) =>
    withDistrict(district.rig.db, district.rig.districtId, (trx) =>
      isAppliedInput(trx, students, {
        districtId: district.rig.districtId,
        sha256,
        mappingFingerprint: '-7000000000000000001',
      }),
    )

  it('holds for the input applied last, until somebody edits a record', async () => {
    const { rig } = district
    await rig.import(pupils(3), { sha256: 'first' })
    assert.equal(await isApplied('first'), true)
    assert.equal(await isApplied('other'), false)

    await rig.owner.query(`update students set homeroom = 'by hand' where sis_id = '1001'`)
    assert.equal(await isApplied('first'), false)
  })

  it('does not hold for an input of which a part was kept back', async () => {
    const { rig } = district
    await rig.import(pupils(10), { sha256: 'first' })
    const runId = await rig.stage(pupils(9), { sha256: 'second' })
    await rig.plan(runId)
    await rig.apply(runId, { part: 'safe' })

    assert.equal(await isApplied('second'), false)
  })

  it('holds for an input that changed nothing', async () => {
    const { rig } = district
    await rig.import(pupils(3), { sha256: 'first' })
    await rig.import(pupils(3), { sha256: 'second' })

    assert.equal(await isApplied('second'), true)
  })
})
