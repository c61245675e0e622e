import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { withDistrict } from '../../../db/database.ts'
import { updateConfigurationSettings } from '../../../db/connect/configurations.ts'
import { useConformanceRig } from '../../conformance/conformance-rig.ts'
import { makeTooWide } from '../../districts/shortfalls.ts'
import { dropRows, makeWholeRoster, setCell } from '../../districts/whole-roster.ts'
import type { RosterPackage } from '../../fixtures/roster-package.ts'

const rig = useConformanceRig()

/** The teachers of each class, as they are shown. */
const readTeachers = async (): Promise<Readonly<Record<string, string | undefined>>> => {
  const records = await rig.readCsv('classes')
  return Object.fromEntries(records.map(({ sisId = '', teacherIds }) => [sisId, teacherIds]))
}

const bring = (roster: RosterPackage) => rig.bring(roster, 'classes')

const readFindings = async (runId: string) =>
  rig.ask(`select rule, severity, source_id as key from run_findings where run_id = '${runId}'
    and rule in ('I-03', 'I-14', 'I-15', 'I-16') order by rule, source_id`)

/** A teacher of a class beside the others. */
const besides = (roster: RosterPackage, rosterClass: string, teacher: string, primary = 'false') =>
  roster.addRow('enrollments', {
    ...{ sourcedId: `${teacher}-in-${rosterClass}`, classSourcedId: rosterClass, userSourcedId: teacher },
    ...{ role: 'teacher', primary, beginDate: '', endDate: '' },
  })

async function allowBesides(coTeacherClasses: number): Promise<void> {
  await withDistrict(rig.db, rig.districtId, async (trx) => {
    const { id: connectionId } = await trx.selectFrom('connections').select('id').executeTakeFirstOrThrow()
    await updateConfigurationSettings(trx, { connectionId, dataType: 'classes' }, { coTeacherClasses }, 'test')
  })
}

describe('the teachers of a class', () => {
  beforeEach(async () => {
    await rig.clear()
    await rig.bringAll(makeWholeRoster(), 'classes')
  })

  it('come with the primary one before the others, and in another order when another one is', async () => {
    assert.equal((await readTeachers())['class-1'], 'teacher-2;teacher-1')
    const other = besides(makeWholeRoster(), 'class-1', 'teacher-4')
    setCell(other, 'enrollments', 'enrollment-1', 'primary', 'true')
    await bring(setCell(other, 'enrollments', 'teaching-1b', 'primary', 'false'))
    assert.equal((await readTeachers())['class-1'], 'teacher-1;teacher-2;teacher-4')
  })

  it('are the same in whatever order the rows come, and then nothing changes', async () => {
    const roster = besides(makeWholeRoster(), 'class-3', 'teacher-1')
    await bring(roster)
    roster.rows('enrollments').reverse()
    const { run } = await bring(roster)
    assert.equal((await rig.readRun(run)).counts.updated ?? 0, 0)
    assert.equal((await readTeachers())['class-3'], 'teacher-3;teacher-1')
  })

  it('are those of so many classes at most who come second, by the order of the classes; it is told of the others', async () => {
    await allowBesides(2)
    try {
      const roster = ['class-6', 'class-3', 'class-4', 'class-2'].reduce(
        (all, rosterClass) => besides(all, rosterClass, 'teacher-8'),
        makeWholeRoster(),
      )
      const { run } = await bring(roster)
      const teachers = await readTeachers()
      assert.deepEqual(
        ['class-2', 'class-3', 'class-4', 'class-6', 'class-8'].map((key) => teachers[key]),
        ['teacher-2;teacher-8', 'teacher-3;teacher-8', 'teacher-4', 'teacher-6', 'teacher-8'],
      )
      assert.deepEqual(await readFindings(run.runId), [
        { rule: 'I-16', severity: 'warning', key: 'class-4' },
        { rule: 'I-16', severity: 'warning', key: 'class-6' },
      ])
    } finally {
      await allowBesides(25)
    }
  })

  it('are all who are alone in their classes, where the source says of nobody that they come first', async () => {
    await allowBesides(0)
    try {
      const roster = makeWholeRoster()
      for (const number of [3, 4, 5]) {
        setCell(roster, 'enrollments', `teaching-${number}`, 'primary', '')
        setCell(roster, 'enrollments', `teaching-${number}`, 'userSourcedId', 'teacher-8')
      }
      const { run } = await bring(roster)
      const teachers = await readTeachers()
      assert.deepEqual([teachers['class-3'], teachers['class-5']], ['teacher-8', 'teacher-8'])
      // Beside the primary one of class 1 there is another.
      assert.deepEqual(await readFindings(run.runId), [{ rule: 'I-16', severity: 'warning', key: 'class-1' }])
    } finally {
      await allowBesides(25)
    }
  })

  it('stay as they are where a refused row may say who they are, and change everywhere else', async () => {
    const roster = makeWholeRoster()
    setCell(roster, 'enrollments', 'teaching-3', 'userSourcedId', '')
    dropRows(roster, ['enrollments'], 'teaching-4')
    besides(besides(roster, 'class-3', 'teacher-5', 'true'), 'class-4', 'teacher-5', 'true')
    const { run } = await bring(roster)
    const teachers = await readTeachers()
    assert.deepEqual([teachers['class-3'], teachers['class-4']], ['teacher-3', 'teacher-5'])
    assert.deepEqual((await rig.readRun(run)).counts.updated, 1)
  })

  it('stay as they are in every class where a row of another width may be of any', async () => {
    const roster = besides(makeTooWide(makeWholeRoster(), 'enrollments', 'taking-3'), 'class-4', 'teacher-5', 'true')
    await bring(roster)
    assert.equal((await readTeachers())['class-4'], 'teacher-4')
    // And are right with the next package that can be read.
    await bring(besides(makeWholeRoster(), 'class-4', 'teacher-5', 'true'))
    assert.equal((await readTeachers())['class-4'], 'teacher-4;teacher-5')
  })

  it('stay when the source has none any more, and that is told; a new class without one does not come in', async () => {
    const roster = dropRows(makeWholeRoster(), ['enrollments'], 'teaching-3')
    roster.addRow('classes', { sourcedId: 'class-9', title: 'Astronomy' })
    const { run, state } = await bring(roster)
    assert.equal(state, 'completedWithAlerts')
    const teachers = await readTeachers()
    assert.deepEqual([teachers['class-3'], teachers['class-9']], ['teacher-3', undefined])
    assert.deepEqual(await readFindings(run.runId), [
      { rule: 'I-03', severity: 'error', key: 'class-3' },
      { rule: 'I-03', severity: 'error', key: 'class-9' },
    ])
    const told = await rig.ask('select source_key as key, is_held as "isHeld" from not_imported order by 1')
    assert.deepEqual(told, [
      { key: 'class-3', isHeld: true },
      { key: 'class-9', isHeld: false },
    ])
    // Told again while it is so, and no longer.
    const again = await bring(setCell(roster, 'orgs', 'district-1', 'name', 'Lincoln'))
    assert.equal((await readFindings(again.run.runId)).length, 2)
    assert.equal((await bring(makeWholeRoster())).state, 'completed')
  })

  it('are found by an id that was merged away', async () => {
    const recordId = await rig.idOf('staff', 'teacher-4')
    await rig.ask(`insert into record_aliases (district_id, data_type, field, value, record_id, case_id)
      values ('${rig.districtId}', 'staff', 'sourceKey', 'teacher-old', '${recordId}', '${randomUUID()}')`)
    const { state } = await bring(
      setCell(makeWholeRoster(), 'enrollments', 'teaching-3', 'userSourcedId', 'teacher-old'),
    )
    assert.equal(state, 'completed')
    assert.equal((await readTeachers())['class-3'], 'teacher-4')
  })

  it('are not found by a key that two of ours have, unless one of them is inactive', async () => {
    const shareKey = (status: string) =>
      rig.ask(`update staff set source_key = 'teacher-4', status = '${status}' where sis_id = 'no-teacher-5'`)
    await shareKey('active')
    const roster = () => setCell(makeWholeRoster(), 'enrollments', 'teaching-3', 'userSourcedId', 'teacher-4')
    const { run } = await bring(roster())
    assert.equal((await readTeachers())['class-3'], 'teacher-3', 'it may be either')
    const lost = (await readFindings(run.runId)) as { rule: string; key: string }[]
    assert.ok(lost.some(({ rule, key }) => rule === 'I-14' && key === 'class-3'))
    await shareKey('inactive')
    await bring(roster())
    assert.equal((await readTeachers())['class-3'], 'teacher-4')
  })
})
