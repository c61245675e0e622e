import assert from 'node:assert/strict'
import { useEmptyRig } from '../empty-rig.ts'
import type { Pupil } from '../roster-rig.ts'

const district = useEmptyRig()

const cast: readonly Pupil[] = [
  { key: 'k1', sisId: '1', email: 'one@example.org', birthDate: '2012-01-01' },
  { key: 'k2', sisId: '2', homeroom: 'A1', bus: 'red' },
  { key: 'k3', sisId: '3', school: 'south' },
]
const [first, second, third] = cast as [Pupil, Pupil, Pupil] // the cast has three

const actions = async (runId: string) =>
  (await district.rig.planRows(runId))
    .map(({ action, reason }) => (reason === null ? action : `${action} ${reason}`))
    .sort()
const statuses = async () => (await district.rig.students()).map(({ sis_id, status }) => `${sis_id} ${status}`)

describe('a first import', () => {
  it('creates every record with the values of both parts', async () => {
    const { plan, applied } = await district.rig.import(cast)

    assert.equal(plan.actions.create, 3)
    assert.equal(applied.create, 3)
    assert.deepEqual(plan.metLimits, [])
    const [one, two] = await district.rig.students()
    assert.equal(one?.birth_date, '2012-01-01')
    assert.equal(one.email, 'one@example.org')
    assert.equal(two?.bus, 'red')
    assert.equal(two.school, 'north')
  })

  it('skips both of two rows that claim one id, and says so', async () => {
    const { runId, plan } = await district.rig.import([...cast, { key: 'k4', sisId: '3' }])

    assert.equal(plan.actions.create, 2)
    assert.deepEqual(await actions(runId), ['create', 'create', 'skip sameKey', 'skip sameKey'])
    const { rows } = await district.rig.owner.query('select rule, line, source_id from run_findings order by seq')
    assert.deepEqual(rows, [
      { rule: 'I-01', line: 4, source_id: 'k3' },
      { rule: 'I-01', line: 5, source_id: 'k4' },
    ])
  })

  it('does not create a record whose school is unknown', async () => {
    const { runId } = await district.rig.import([{ ...first, school: 'nowhere' }])

    assert.deepEqual(await actions(runId), ['skip missingRequired'])
    const { rows } = await district.rig.owner.query('select rule, "column" from run_findings')
    assert.deepEqual(rows, [{ rule: 'I-03', column: 'schoolId' }])
  })

  it('takes a contested key for seen and for nothing else', async () => {
    const { runId } = await district.rig.import(cast, { contestedKeys: ['k2'] })

    assert.deepEqual(await actions(runId), ['create', 'create'])
  })

  it('does not make records of people who are only in the supplement', async () => {
    const { runId } = await district.rig.import([
      first,
      { key: 'teacher', birthDate: '1980-01-01', isSupplementOnly: true },
    ])

    assert.deepEqual(await actions(runId), ['create'])
  })
})

describe('the same input again', () => {
  it('stages nothing and plans nothing', async () => {
    await district.rig.import(cast)
    const { runId } = await district.rig.import(cast)

    assert.deepEqual(await actions(runId), [])
    const { rows } = await district.rig.owner.query('select from staged_students where run_id = $1', [runId])
    assert.equal(rows.length, 0)
  })

  it('is unchanged row by row under another mapping, whose digests it then has', async () => {
    await district.rig.import(cast)
    const { runId } = await district.rig.import(cast, { fingerprint: '42' })
    assert.deepEqual(await actions(runId), ['unchanged', 'unchanged', 'unchanged'])
    assert.deepEqual(
      (await district.rig.students()).map(({ revision }) => revision),
      [1, 1, 1],
    )

    const again = await district.rig.import(cast, { fingerprint: '42' })
    assert.deepEqual(await actions(again.runId), [])
  })
})

describe('a changed row', () => {
  it('updates the fields that differ, journals what they were, and raises the revision', async () => {
    await district.rig.import(cast)
    const { runId } = await district.rig.import([first, { ...second, homeroom: 'B2', bus: 'blue' }, third])

    const [row] = await district.rig.planRows(runId)
    assert.equal(row?.action, 'update')
    assert.deepEqual(row.changes, { homeroom: ['A1', 'B2'], 'customFields.bus': ['red', 'blue'] })
    const student = (await district.rig.students())[1]
    assert.deepEqual([student?.homeroom, student?.bus, student?.revision], ['B2', 'blue', 2])
    const { rows } = await district.rig.owner.query('select action, before, revision from journal')
    assert.deepEqual(rows, [{ action: 'update', before: { homeroom: 'A1', 'customFields.bus': 'red' }, revision: 2 }])
  })

  it('leaves a value alone that the source left blank, unless blanks count', async () => {
    await district.rig.import(cast)
    const blanked = [{ ...first, email: null }, second, third]
    const kept = await district.rig.import(blanked)
    assert.deepEqual(await actions(kept.runId), ['unchanged'])

    const overwritten = await district.rig.import(blanked, {
      fingerprint: '43',
      settings: { overwriteWithBlank: true },
    })
    assert.deepEqual(await actions(overwritten.runId), ['unchanged', 'unchanged', 'update'])
    assert.equal((await district.rig.students())[0]?.email, null)
  })

  it('updates from the supplement alone', async () => {
    await district.rig.import(cast)
    const { runId } = await district.rig.import([{ ...first, birthDate: '2012-02-02' }, second, third])

    assert.deepEqual((await district.rig.planRows(runId))[0]?.changes, { birthDate: ['2012-01-01', '2012-02-02'] })
    const again = await district.rig.import([{ ...first, birthDate: '2012-02-02' }, second, third])
    assert.deepEqual(await actions(again.runId), [])
  })

  it('is found by the source key when its id changed', async () => {
    await district.rig.import(cast)
    await district.rig.import([{ ...first, sisId: '100' }, second, third])

    assert.deepEqual(await statuses(), ['100 active', '2 active', '3 active'])
  })

  it('is skipped when it claims the record of a row that is still there unchanged', async () => {
    await district.rig.import(cast)
    const { runId } = await district.rig.import([...cast, { key: 'k9', sisId: '2', homeroom: 'Z' }])

    assert.deepEqual(await actions(runId), ['skip sameKey'])
    assert.equal((await district.rig.students())[1]?.homeroom, 'A1')
  })

  it('is asked about with the other row when one has the record’s id and one its source key', async () => {
    await district.rig.import(cast)
    const { runId } = await district.rig.import([
      { ...first, sisId: '77' },
      { ...first, key: 'k8', homeroom: 'C3' },
      second,
      third,
    ])

    assert.deepEqual(await actions(runId), ['skip identityConflict', 'skip identityConflict'])
    const [record] = await district.rig.students()
    assert.deepEqual(
      [record?.sis_id, record?.source_key, record?.homeroom, record?.status],
      ['1', 'k1', null, 'active'],
    )
  })

  it('is skipped when two records have its source key', async () => {
    await district.rig.import(cast)
    await district.rig.owner.query(`update students set source_key = 'k1' where sis_id = '2'`)
    const { runId } = await district.rig.import([{ ...first, sisId: '55' }], { isComplete: false })

    assert.deepEqual(await actions(runId), ['skip ambiguousKey'])
  })
})

describe('a record that is gone', () => {
  it('becomes inactive when the input is complete, and comes back with its row', async () => {
    await district.rig.import(cast)
    const gone = await district.rig.import([first, second])
    assert.deepEqual(await actions(gone.runId), ['deactivate absent'])
    assert.equal(gone.plan.absentCount, 1)
    assert.deepEqual(await statuses(), ['1 active', '2 active', '3 inactive'])

    const back = await district.rig.import([first, second, { ...third, homeroom: 'D4' }])
    assert.deepEqual(await actions(back.runId), ['reactivate'])
    assert.deepEqual(await statuses(), ['1 active', '2 active', '3 active'])
    const { rows } = await district.rig.owner.query('select action, before from journal order by applied_at')
    assert.deepEqual(rows, [
      { action: 'deactivate', before: { status: 'active' } },
      { action: 'reactivate', before: { status: 'inactive', homeroom: null } },
    ])
  })

  it('stays as it is when the input is incomplete, a delta, or the setting is off', async () => {
    await district.rig.import(cast)
    for (const facts of [{ isComplete: false }, { isDelta: true }, { settings: { deactivateMissing: false } }]) {
      const { runId } = await district.rig.import([first], facts)
      assert.deepEqual(await actions(runId), [])
    }
  })

  it('is not absent when its row was rejected', async () => {
    await district.rig.import(cast)
    const { runId } = await district.rig.import([first, second, { key: 'k3', kind: 'rejected' }])

    assert.deepEqual(await actions(runId), [])
  })

  it('becomes inactive when the source withdrew it; a withdrawn stranger is skipped', async () => {
    await district.rig.import(cast)
    const { runId, plan } = await district.rig.import([
      first,
      second,
      { key: 'k3', kind: 'inactive' },
      { key: 'k9', kind: 'inactive' },
    ])

    assert.deepEqual(await actions(runId), ['deactivate withdrawn', 'skip notHeld'])
    assert.equal(plan.absentCount, 0)
    assert.deepEqual(await statuses(), ['1 active', '2 active', '3 inactive'])
  })

  it('is not kept by a row of the supplement', async () => {
    await district.rig.import(cast)
    const { runId } = await district.rig.import([
      second,
      third,
      { key: 'k1', birthDate: '2013-03-03', isSupplementOnly: true },
    ])

    assert.deepEqual(await actions(runId), ['deactivate absent'])
  })

  it('is left alone when the import is limited to other schools', async () => {
    await district.rig.import(cast)
    const { rows } = await district.rig.owner.query<{ id: string }>(`select id from orgs where source_key = 'south'`)
    const settings = { schools: rows.map(({ id }) => id) }
    const { runId } = await district.rig.import([{ ...first, homeroom: 'X' }], { settings })

    assert.deepEqual(await actions(runId), ['deactivate absent', 'skip otherSchool'])
    assert.deepEqual(await statuses(), ['1 active', '2 active', '3 inactive'])
  })
})

describe('a delta', () => {
  it('changes what it names, the supplement alone included', async () => {
    await district.rig.import(cast)
    const { runId } = await district.rig.import(
      [
        { ...second, homeroom: 'E5' },
        { key: 'k1', birthDate: '2014-04-04', isSupplementOnly: true },
      ],
      { isDelta: true, isComplete: false },
    )

    assert.deepEqual(await actions(runId), ['update', 'update'])
    const again = await district.rig.import([
      { ...first, birthDate: '2014-04-04' },
      { ...second, homeroom: 'E5' },
      third,
    ])
    assert.deepEqual(await actions(again.runId), [])
  })
})

describe('an edit by hand', () => {
  it('makes the next import compare the record whole', async () => {
    await district.rig.import(cast)
    await district.rig.owner.query(`update students set homeroom = 'by hand' where sis_id = '2'`)
    assert.equal((await district.rig.students())[1]?.primary_digest, null)

    const { runId } = await district.rig.import(cast)
    assert.deepEqual((await district.rig.planRows(runId))[0]?.changes, { homeroom: ['by hand', 'A1'] })
  })

  it('between staging and planning does not make the record absent', async () => {
    await district.rig.import(cast)
    const runId = await district.rig.stage(cast)
    await district.rig.owner.query(`update students set homeroom = 'by hand' where sis_id = '2'`)
    await district.rig.plan(runId)

    assert.deepEqual(await actions(runId), [])
  })

  it('of a record that then goes absent does not keep it', async () => {
    await district.rig.import(cast)
    await district.rig.owner.query(`update students set homeroom = 'by hand' where sis_id = '3'`)
    const { runId } = await district.rig.import([first, second])

    assert.deepEqual(await actions(runId), ['deactivate absent'])
  })
})

describe('a day on which only additions pass', () => {
  const moved: readonly Pupil[] = [{ ...first, email: 'new@example.org' }, second, { key: 'k4', sisId: '4' }]

  it('adds, and neither changes nor removes what is held', async () => {
    await district.rig.import(cast)
    const { runId, plan } = await district.rig.import(moved, { isAdditionsOnly: true })

    assert.deepEqual(await actions(runId), ['create', 'skip additionsOnly'])
    assert.equal(plan.actions.deactivate, 0)
    assert.deepEqual(await statuses(), ['1 active', '2 active', '3 active', '4 active'])
    assert.equal((await district.rig.students())[0]?.email, 'one@example.org')
  })

  it('leaves the rest to the first run after it, though the input is the same', async () => {
    await district.rig.import(cast)
    await district.rig.import(moved, { isAdditionsOnly: true, sha256: 'the-same' })
    const { rows } = await district.rig.owner.query<{ last: string }>(
      'select last_applied_sha256 as last from dataset_versions',
    )
    assert.notEqual(rows[0]?.last, 'the-same')
    const { runId } = await district.rig.import(moved, { sha256: 'the-same' })

    assert.deepEqual(await actions(runId), ['deactivate absent', 'update'])
  })

  it('keeps a withdrawn record active, and takes back one that returns', async () => {
    await district.rig.import(cast)
    await district.rig.import([first, second])
    const { runId } = await district.rig.import([first, { ...second, kind: 'inactive' }, third], {
      isAdditionsOnly: true,
    })

    assert.deepEqual(await actions(runId), ['reactivate', 'skip additionsOnly'])
    assert.deepEqual(await statuses(), ['1 active', '2 active', '3 active'])
  })
})
