import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { openUnmerge } from '../../../db/resolution/open-unmerge.ts'
import { withDistrict } from '../../../db/database.ts'
import { closeAlarm, openAlarm } from '../../../db/schedule/alarms.ts'
import { insertFiring } from '../../../db/schedule/schedule-firings.ts'
import { purgeCaseValues, purgeScheduleHistory } from '../../../db/retention/purge-history.ts'
import { students } from '../../../domain/data-types/students.ts'
import { withCases } from '../resolution/case-rig.ts'
import { useEmptyRig } from '../empty-rig.ts'
import type { Pupil } from '../roster-rig.ts'

const district = useEmptyRig()
const inDays = (days: number) => new Date(Date.now() + days * 24 * 60 * 60 * 1000)
const request = (days: number) => ({ districtId: district.rig.districtId, now: inDays(days) })

const others: readonly Pupil[] = ['b', 'c', 'd', 'e'].map((letter, index) => ({
  ...{ key: `k-${letter}`, sisId: `s-${letter}`, birthDate: `2012-0${index + 1}-11` },
  givenName: ['Bruno', 'Carmen', 'Dario', 'Edda'][index] ?? '',
  familyName: ['Birch', 'Cobb', 'Dorn', 'Eklund'][index] ?? '',
}))
const ada: Pupil = {
  ...{ key: 'k-a', sisId: 's-a', givenName: 'Ada', familyName: 'Achterberg', birthDate: '2011-05-17' },
  email: 'ada@north.example',
}

/** Ada comes in under another id, and somebody says that it is she. */
async function matchAda(): Promise<{ caseId: string; runId: string }> {
  const rig = withCases(district.rig)
  await rig.import([ada, ...others])
  await rig.import([{ ...ada, key: 'k-9', sisId: 's-9', homeroom: 'H9' }, ...others])
  const [one] = await rig.cases()
  assert.ok(one !== undefined)
  await rig.decide({ caseId: one.id, action: 'match', recordId: one.candidates[0]?.recordId ?? '' })
  const [runId = ''] = await rig.process()
  return { caseId: one.id, runId }
}

async function readCase(caseId: string) {
  const query = `select state, decision, decided_by, kept_days, incoming is not null or changes is not null as has_values
    from duplicate_cases where id = $1`
  return (await district.rig.owner.query<Record<string, unknown>>(query, [caseId])).rows[0]
}

const unmerge = (caseId: string) => {
  const { db, districtId } = district.rig
  const newRun = () => ({ id: randomUUID(), workflowId: randomUUID() })
  return withDistrict(db, districtId, (trx) =>
    openUnmerge(trx, { districtId, dataType: students, by: 'operator-7', newRun, caseId }),
  )
}

describe('a duplicate case that was decided', () => {
  it('lets its values go after its days, keeps who decided what, and says that it cannot be taken back', async () => {
    const { caseId } = await matchAda()
    const { db, owner } = district.rig
    assert.deepEqual(await purgeCaseValues(db, { ...request(399), caseDays: 400 }), { cases: 0 })
    assert.equal((await readCase(caseId))?.['has_values'], true)

    assert.deepEqual(await purgeCaseValues(db, { ...request(401), caseDays: 400 }), { cases: 1 })
    assert.deepEqual(await readCase(caseId), {
      ...{ state: 'processed', decision: 'match', decided_by: 'operator-7', kept_days: 400, has_values: false },
    })
    assert.deepEqual(await unmerge(caseId), {
      isExpired: true,
      obstacle: 'the row that came in was kept for 400 days and is gone',
    })
    // Her old ids still lead to her.
    const { rows } = await owner.query('select from record_aliases where case_id = $1', [caseId])
    assert.ok(rows.length > 0)
    assert.deepEqual(await purgeCaseValues(db, { ...request(500), caseDays: 400 }), { cases: 0 })
  })

  it('keeps them while it is open, while a run is at it, and while that run can be undone', async () => {
    const { caseId, runId } = await matchAda()
    const { db, owner } = district.rig
    for (const [hold, release] of [
      [`update import_runs set undo_until = now() + interval '600 days' where id = '${runId}'`, null],
      [
        `update duplicate_cases set processing_run_id = '${runId}'`,
        'update duplicate_cases set processing_run_id = null',
      ],
      [`update duplicate_cases set state = 'open'`, `update duplicate_cases set state = 'processed'`],
    ] as const) {
      await owner.query(hold)
      assert.deepEqual(await purgeCaseValues(db, { ...request(500), caseDays: 400 }), { cases: 0 })
      await owner.query(release ?? `update import_runs set undo_until = now() where id = '${runId}'`)
    }
    assert.deepEqual(await purgeCaseValues(db, { ...request(500), caseDays: 400 }), { cases: 1 })
    assert.equal((await readCase(caseId))?.['has_values'], false)
  })
})

describe('what is written down about schedules', () => {
  it('goes after its days, but for the newest start of each schedule and alarms that are open', async () => {
    const { db, districtId, owner } = district.rig
    const connection = await owner.query<{ id: string }>('select id from connections where district_id = $1', [
      districtId,
    ])
    const connectionId = connection.rows[0]?.id ?? ''
    const key = { districtId, connectionId, dataType: 'students' }
    const days = [900, 800, 700, 600, 500]
    await withDistrict(db, districtId, async (trx) => {
      for (const ago of days) await insertFiring(trx, { ...key, dueAt: inDays(-ago), outcome: 'noPackage' })
      for (const kind of ['feedLate', 'runStalled'] as const) {
        const alarm = { ...key, kind, runId: null, facts: {}, openedAt: inDays(-900) }
        const opened = await openAlarm(trx, alarm)
        if (kind === 'feedLate') await closeAlarm(trx, opened?.id ?? '', inDays(-700))
      }
    })
    await owner.query(`update schedule_firings set decided_at = due_at`)
    const purge = () => purgeScheduleHistory(db, { ...request(0), scheduleDays: 400, batchRows: 2 })
    assert.deepEqual(await purge(), { firings: days.length - 1, alarms: 1 })
    assert.deepEqual(await purge(), { firings: 0, alarms: 0 })
    const { rows } = await owner.query<{ kind: string }>('select kind from alarms where district_id = $1', [districtId])
    assert.deepEqual(rows, [{ kind: 'runStalled' }])
    const left = await owner.query('select from schedule_firings where district_id = $1', [districtId])
    assert.equal(left.rowCount, 1)
  })
})
