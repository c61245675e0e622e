import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { withDistrict } from '../../../db/database.ts'
import { insertDistrict } from '../../../db/access/districts.ts'
import { insertFindings } from '../../../db/import/findings.ts'
import { purgeRunLogs } from '../../../db/retention/purge-run-logs.ts'
import { withUndo } from '../undo/undo-rig.ts'
import { useEmptyRig } from '../empty-rig.ts'
import type { Pupil } from '../roster-rig.ts'

const district = useEmptyRig()
const logTables = ['run_findings', 'plan_rows', 'plan_counts', 'staged_unseen', 'staged_students'] as const

const pupils = (homeroom: string): Pupil[] =>
  Array.from({ length: 7 }, (_, at) => ({ key: `k${at}`, sisId: `${at}`, homeroom }))

const purge = (options: Partial<Parameters<typeof purgeRunLogs>[1]> = {}) => {
  const { db, districtId } = district.rig
  return purgeRunLogs(db, { districtId, now: new Date(), logDays: 30, ...options })
}

/** An import that is over for so many days, with a finding, and with its window behind it. */
async function importLongAgo(homeroom: string, days = 31): Promise<string> {
  const { db, districtId, owner } = district.rig
  const runId = await withUndo(district.rig).import(pupils(homeroom))
  const finding = { rule: 'F-06', severity: 'warning', file: 'users.csv', line: 2, message: 'x' } as const
  await withDistrict(db, districtId, (trx) =>
    insertFindings(trx, { districtId, runId, step: 'stage', firstSeq: 0, findings: [finding] }),
  )
  await owner.query(
    `update import_runs set counts = '{"read": 7}', finished_at = now() - make_interval(days => $2),
       undo_until = now() - make_interval(days => $2) + interval '72 hours' where id = $1`,
    [runId, days],
  )
  return runId
}

async function countLog(runId: string): Promise<number> {
  const counts = logTables.map((table) => `(select count(*) from ${table} where run_id = $1)`)
  const { rows } = await district.rig.owner.query<{ count: number }>(`select (${counts.join(' + ')})::int as count`, [
    runId,
  ])
  return rows[0]?.count ?? -1
}

describe('the log of a run', () => {
  it('goes when its days are over; its counts, the records and their history stay', async () => {
    const rig = withUndo(district.rig)
    const first = await importLongAgo('A', 40)
    const second = await importLongAgo('B', 29)
    const ids = [...(await rig.values()).keys()]
    const records = await rig.values()
    const history = await Promise.all(ids.map((id) => rig.history(id)))
    const recent = await countLog(second)
    assert.ok((await countLog(first)) > 8)

    const { runs, rows } = await purge()
    assert.equal(runs, 1)
    assert.ok(rows > 8)
    assert.deepEqual([await countLog(first), await countLog(second)], [0, recent])
    const run = await rig.readRun(first)
    assert.deepEqual([run.counts, run.logKeptDays, run.logPurgedAt !== null], [{ read: 7 }, 30, true])
    assert.equal((await rig.readRun(second)).logKeptDays, null)
    assert.deepEqual(await rig.values(), records)
    assert.deepEqual(await Promise.all(ids.map((id) => rig.history(id))), history)
    assert.deepEqual(await purge(), { runs: 0, rows: 0 })
  })

  it('takes before-images with it that no undo window let go of, and leaves who changed what', async () => {
    const rig = withUndo(district.rig)
    await importLongAgo('A')
    const second = await importLongAgo('B')
    await purge()
    const { rows } = await district.rig.owner.query('select 1 from journal where run_id = $1', [second])
    assert.equal(rows.length, 0)
    const [id = ''] = (await rig.values()).keys()
    const history = await rig.history(id)
    assert.deepEqual(
      history?.map(({ action, fields, changes }) => [action, fields, changes]),
      [
        ['create', [], null],
        ['update', ['homeroom'], null],
      ],
    )
  })

  const insertCase = (strength: string, decision: string | null) =>
    `insert into duplicate_cases (district_id, data_type, connection_id, run_id, seq, incoming_key, strength, reason, candidates, decision)
     select district_id, data_type, connection_id, id, 1, 'k', '${strength}', 'resembles', '[]', ${decision === null ? 'null' : `'${decision}'`}
     from import_runs where id = $1`
  const kept: Record<string, string> = {
    'is held': `update import_runs set state = 'held' where id = $1`,
    'is under way': `update import_runs set state = 'applying' where id = $1`,
    'can still be undone': `update import_runs set undo_until = now() + interval '1 minute' where id = $1`,
    'is being undone': `insert into import_runs (district_id, connection_id, data_type, state, undo_of, requested_by, workflow_id)
      select district_id, connection_id, data_type, 'applying', id, 'x', 'y' from import_runs where id = $1`,
    'has a duplicate case that waits': insertCase('likely', null),
    'has a hint that was decided': insertCase('possible', 'create'),
    'left an alert that is open': `insert into alerts (district_id, data_type, run_id, kind, field, count)
      select district_id, data_type, id, 'missingExpected', 'gradeLevel', 1 from import_runs where id = $1`,
  }
  for (const [reason, change] of Object.entries(kept)) {
    it(`stays however old it is, when the run ${reason}`, async () => {
      const runId = await importLongAgo('A', 400)
      await district.rig.owner.query(change, [runId])
      const before = await countLog(runId)
      assert.deepEqual(await purge(), { runs: 0, rows: 0 })
      assert.equal(await countLog(runId), before)
      await district.rig.owner.query('delete from alerts')
    })
  }

  it('takes a hint with it that nobody followed up', async () => {
    const runId = await importLongAgo('A', 400)
    await district.rig.owner.query(insertCase('possible', null), [runId])
    await purge()
    const { rows } = await district.rig.owner.query('select state, closed_reason from duplicate_cases')
    assert.deepEqual(rows, [{ state: 'closed', closed_reason: 'expired' }])
  })

  it('of one who took another one back goes no other way, and what it left alone stays told', async () => {
    const rig = withUndo(district.rig)
    await importLongAgo('A')
    const second = await rig.import(pupils('B'))
    await rig.edit('3', `homeroom = 'C'`)
    const { undoId } = await rig.undo(second)
    await district.rig.owner.query(
      `update import_runs set finished_at = now() - interval '31 days', undo_until = now() - interval '28 days'`,
    )
    await purge()
    assert.equal((await rig.readRun(undoId)).logKeptDays, 30)
    const { rows } = await district.rig.owner.query('select field, by from undo_skips where run_id = $1', [undoId])
    assert.deepEqual(rows, [{ field: 'homeroom', by: 'Ms. Alder' }])
  })

  it('goes in small transactions, and one that was broken off is shown to nobody and finished the next time', async () => {
    const rig = withUndo(district.rig)
    const runId = await importLongAgo('A')
    const rows = await countLog(runId)
    let batches = 0
    const afterBatch = () => {
      batches += 1
      if (batches === 3) throw new Error('killed')
    }
    await assert.rejects(purge({ batchRows: 2, afterBatch }), /killed/)
    const left = await countLog(runId)
    assert.ok(left > 0 && left < rows, `${left} of ${rows}`)
    const half = await rig.readRun(runId)
    assert.deepEqual([half.logKeptDays, half.logPurgedAt], [30, null])
    // Another setting does not change for how long it was there.
    assert.deepEqual(await purge({ batchRows: 2, logDays: 90 }), { runs: 1, rows: left })
    const whole = await rig.readRun(runId)
    assert.deepEqual([whole.logKeptDays, whole.logPurgedAt !== null], [30, true])
  })

  it('goes once when two remove it side by side', async () => {
    const runId = await importLongAgo('A')
    const rows = await countLog(runId)
    const [one, other] = await Promise.all([purge({ batchRows: 1 }), purge({ batchRows: 1 })])
    assert.equal(one.rows + other.rows, rows)
    assert.equal(await countLog(runId), 0)
  })

  it('of another district is not touched', async () => {
    const { db } = district.rig
    const slug = `other-${randomUUID().slice(0, 8)}`
    const other = await insertDistrict(db, { slug, name: slug, timeZone: 'UTC' })
    const runId = await importLongAgo('A')
    const before = await countLog(runId)
    assert.deepEqual(await purge({ districtId: other?.id ?? '' }), { runs: 0, rows: 0 })
    assert.equal(await countLog(runId), before)
  })
})
