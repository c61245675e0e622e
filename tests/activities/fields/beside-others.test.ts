import assert from 'node:assert/strict'
import { pupils, useFieldRig } from './field-rig.ts'

const fields = useFieldRig()
const { rig } = fields
let counselors = ''
let others = ''

beforeAll(async () => {
  counselors = await fields.addFields({ homeroom: 'Homeroom' })
  others = await fields.addFields({ homeLanguage: 'Language' }, { name: 'others' })
})
beforeEach(async () => {
  await rig.clear()
  await fields.bringPupils()
})
const all = (value: string) => pupils.map((_, at) => `${String(101 + at).padStart(5, '0')},${value}`)
const bringLanguages = (rows: readonly string[]) => fields.bringFields(others, rows, { header: 'Student ID,Language' })

describe('a field import beside imports of records', () => {
  it('is left alone by them, and leaves them what they had', async () => {
    await fields.bringFields(counselors, ['00101,A1'])
    assert.equal((await fields.bringPupils(pupils, 'other bytes')).state, 'completed')
    const [, last] = (await rig.ask(`select counts from import_runs where not is_field_import and state = 'completed'
      order by created_at`)) as { counts: Record<string, number> }[]
    assert.deepEqual([last?.counts['unchanged'], last?.counts['updated']], [12, 0])
    assert.deepEqual(await fields.read('homeroom'), { '00101': 'A1' })
  })

  it('does not make the input of the records old: the same bytes are unchanged', async () => {
    await fields.bringFields(counselors, ['00101,A1'])
    const { isUnchanged } = await rig.step('openRun', await sameAgain())
    assert.equal(isUnchanged, true)
  })

  it('does not take the place of one that is held, which is planned again and applied', async () => {
    const held = await fields.bringPupils(pupils.slice(0, 5))
    assert.equal(held.state, 'held')
    assert.equal((await fields.bringFields(counselors, ['00101,A1'])).state, 'completed')
    assert.equal(await fields.apply(held.run), 'stale')
    await rig.plan(held.run)
    assert.equal(await fields.apply(held.run), 'applied')
    assert.deepEqual(await fields.read('homeroom'), { '00101': 'A1' })
  })

  it('is not out of date by them: a held one is planned again', async () => {
    await fields.bringFields(counselors, all('A'))
    const held = await fields.bringFields(counselors, all('B'))
    assert.equal(held.state, 'held')
    await fields.bringPupils(pupils.map((pupil, at) => (at === 0 ? { ...pupil, grade: '06' } : pupil)))
    assert.equal(await fields.apply(held.run), 'stale')
    await rig.plan(held.run)
    assert.equal(await fields.apply(held.run), 'applied')
    assert.equal((await fields.read('homeroom'))['00112'], 'B')
  })

  it('takes the place of an older one of its connection that is held, and of no other', async () => {
    await fields.bringFields(counselors, all('A'))
    const held = await fields.bringFields(counselors, all('B'))
    await bringLanguages(['00101,de'])
    assert.deepEqual(await rig.step('listOlderHeldRuns', (await bringLanguages(['00102,fr'])).run), [])
    const newer = await fields.bringFields(counselors, ['00101,C'])
    const older = await rig.step('listOlderHeldRuns', newer.run)
    assert.deepEqual(
      older.map(({ runId }) => runId),
      [held.run.runId],
    )
    assert.equal(await fields.apply(held.run), 'superseded')
  })

  it('leaves alerts, and whom the source of the records leaves out, as they are', async () => {
    await fields.bringPupils([...pupils, { id: 's50', familyName: ' ' }])
    const read = () =>
      Promise.all([rig.ask('select kind, count, closed_at from alerts'), rig.ask('select * from not_imported')])
    const before = await read()
    assert.equal(before[1].length, 1)
    await fields.bringFields(counselors, ['00101,A1', '00998,X'])
    assert.deepEqual(await read(), before)
  })
})

describe('an undo', () => {
  it('takes a field import back, and may be of one that others followed', async () => {
    await fields.bringFields(counselors, ['00101,A0'])
    const run = await fields.bringFields(counselors, ['00101,A1', '00102,B2'])
    await fields.bringPupils(pupils.map((pupil, at) => (at === 0 ? { ...pupil, grade: '06' } : pupil)))
    assert.deepEqual((await fields.preview(run.run)).reverted, 2)
    assert.deepEqual(await fields.undo(run.run), { state: 'undone' })
    assert.deepEqual(await fields.read('homeroom'), { '00101': 'A0' })
    assert.deepEqual(await rig.ask(`select grade_level from students where sis_id = '00101'`), [{ grade_level: '06' }])
    assert.equal((await fields.bringPupils(pupils.map((pupil) => ({ ...pupil, grade: '07' })))).state, 'held')
  })

  it('of an older one is refused while a newer one stands', async () => {
    const older = await fields.bringFields(counselors, ['00101,A1'])
    await bringLanguages(['00102,de'])
    const { obstacle } = await fields.undo(older.run)
    assert.match(obstacle ?? '', /only the last run/)
  })

  it('of an import of records is not stopped by it, and leaves what it brought as a person’s', async () => {
    // Homerooms came by the feed once: what somebody imported afterwards is hers.
    const feed = await fields.bringPupils(pupils.map((pupil, at) => (at < 2 ? { ...pupil, grade: '06' } : pupil)))
    await rig.ask(`update journal set before = before || '{"homeroom": null}', after = after || '{"homeroom": "F"}'
      where run_id = '${feed.run.runId}'`)
    await fields.bringFields(counselors, ['00101,A1'])
    const { skipped } = await fields.preview(feed.run)
    assert.deepEqual(
      skipped.filter(({ by }) => by !== null).map(({ field, reason, by }) => [field, reason, by]),
      [['homeroom', 'changedByPerson', 'test']],
    )
    assert.deepEqual(await fields.undo(feed.run), { state: 'partlyUndone' })
    assert.deepEqual(await fields.read('homeroom'), { '00101': 'A1' })
    assert.deepEqual(await rig.ask(`select distinct grade_level from students`), [{ grade_level: '05' }])
  })

  it('of who was created makes her inactive, whatever was imported of her since', async () => {
    const feed = await fields.bringPupils([...pupils, { id: 's30' }])
    await fields.bringFields(counselors, ['00131,A1'])
    assert.deepEqual(await fields.undo(feed.run), { state: 'undone' })
    assert.deepEqual(await rig.ask(`select status, homeroom from students where sis_id = '00131'`), [
      { status: 'inactive', homeroom: 'A1' },
    ])
  })
})

/** A run with the bytes that were imported last. */
async function sameAgain() {
  const [row] = (await rig.ask(`select input_file_id as id, input_sha256 as sha256, input_bytes as bytes
    from import_runs where not is_field_import and state = 'completed' order by created_at desc limit 1`)) as {
    id: string
    sha256: string
    bytes: string
  }[]
  if (row === undefined) throw new Error('nothing was imported')
  return rig.giveRun({ ...row, bytes: Number(row.bytes) })
}
