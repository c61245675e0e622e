import assert from 'node:assert/strict'
import { withDistrict } from '../../../db/database.ts'
import { countNotImported } from '../../../db/plan/not-imported.ts'
import type { PackageRequest } from '../../../simulators/oneroster-package/make-package.ts'
import { inventStudent } from '../../../simulators/oneroster-package/invented-people.ts'
import { useImportRig } from '../import-rig.ts'

const rig = useImportRig()
const county = { seed: 23, students: 120, studentsPerSchool: 60 } as const
const number9 = inventStudent(county.seed, 9, 2)
const number9Line = 121

/** `familyName` and org are what these rows are about; the identifier is what they are known by. */
const userRow = (id: string, { org = 'school-001', family = 'Quill', role = 'student', given = 'Una' } = {}) =>
  `${id},,,true,${org},${role},u-${id},,${given},${family},,990-${id},,,,,05,`

async function importDay(request: Partial<PackageRequest>) {
  const run = await rig.giveRun(await rig.givePackage({ ...county, ...request }))
  const { state } = await rig.importAll(run)
  return { ...run, state }
}

const openAlerts = async () =>
  (await rig.readTables()).alerts?.flatMap((alert) => {
    const { kind, field, count, isOpen } = alert as Record<string, unknown>
    return isOpen === true && kind === 'notImported' ? [`${String(field)} × ${String(count)}`] : []
  })
const counts = () =>
  withDistrict(rig.db, rig.districtId, (trx) =>
    countNotImported(trx, { districtId: rig.districtId, dataType: 'students' }),
  )

describe('records that a run does not take', () => {
  it('are an alert for each rule, whatever it is, with new and held apart', async () => {
    assert.equal((await importDay({})).state, 'completed')
    const { state } = await importDay({
      // Number 9 is held and comes without a family name; the others are nobody we hold.
      isLeftOut: (_, number) => number === 9,
      moreUsers: [
        userRow(number9.sourcedId, { family: '' }),
        userRow('x-1', { family: '' }),
        userRow('x-2', { org: 'school-closed' }),
        userRow('x-3', { given: 'Ada' }),
        userRow('x-3', { given: 'Eva' }),
        'x-4,,,true,school-001,student',
        userRow(''),
        // A teacher is no row of this data type, and a row that only repeats another left nothing out.
        userRow('x-6', { family: '', role: 'teacher' }),
        userRow('x-7', { given: 'Ida' }),
        userRow('x-7', { given: 'Ida' }),
        // Refused for two reasons, told once.
        userRow('x-8', { family: '', org: 'school-closed' }),
      ],
    })
    assert.equal(state, 'completedWithAlerts')
    assert.deepEqual(await counts(), [
      { rule: 'C-07', newCount: 1, heldCount: 0 },
      { rule: 'F-01', newCount: 3, heldCount: 1 },
      { rule: 'R-01', newCount: 1, heldCount: 0 },
      { rule: 'R-05', newCount: 1, heldCount: 0 },
    ])
    assert.deepEqual(await openAlerts(), ['C-07 × 1', 'F-01 × 4', 'R-01 × 1', 'R-05 × 1'])
    assert.deepEqual(await listHeldLines(), [number9Line])
  })

  it('stay told while the source does not mend them', async () => {
    const request = { moreUsers: [userRow('x-2', { org: 'school-closed' })] }
    assert.equal((await importDay(request)).state, 'completedWithAlerts')
    assert.deepEqual(await openAlerts(), ['R-05 × 1'])
    assert.equal((await importDay({ ...request, comment: 'once more' })).state, 'completedWithAlerts')
    assert.deepEqual(await openAlerts(), ['R-05 × 1'])

    const unchanged = await rig.giveRun(await rig.givePackage({ ...county, ...request, comment: 'once more' }))
    assert.equal((await rig.step('openRun', unchanged)).isUnchanged, true)
    assert.equal((await rig.close(unchanged, { kind: 'unchanged' })).state, 'unchanged')
    assert.deepEqual(await openAlerts(), ['R-05 × 1'])
  })

  it('are told no longer when it does', async () => {
    assert.equal((await importDay({ moreUsers: [userRow('x-2')] })).state, 'completed')
    assert.deepEqual(await openAlerts(), [])
    assert.deepEqual(await counts(), [])
  })

  it('are told of a plan too: two rows that claim one id, and a new one whose school is not given', async () => {
    const twice = inventStudent(county.seed, 10, 2)
    const { state } = await importDay({
      moreUsers: [
        userRow('x-2'),
        `x-20,,,true,school-001,student,u-20,,Una,Quill,,${twice.identifier},,,,,05,`,
        userRow('x-21', { org: '' }),
        `x-22,,,true,school-001,student,u-22,,Una,Quill,,,,,,,05,`,
      ],
    })
    assert.equal(state, 'completedWithAlerts')
    assert.deepEqual(await counts(), [
      { rule: 'F-01', newCount: 1, heldCount: 0 },
      { rule: 'I-01', newCount: 0, heldCount: 1 },
      { rule: 'I-03', newCount: 1, heldCount: 0 },
    ])
  })
})

async function listHeldLines(): Promise<(number | null)[]> {
  const rows = await withDistrict(rig.db, rig.districtId, (trx) =>
    trx.selectFrom('notImported').select('line').where('isHeld', '=', true).execute(),
  )
  return rows.map(({ line }) => line)
}
