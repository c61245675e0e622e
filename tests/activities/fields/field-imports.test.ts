import assert from 'node:assert/strict'
import { pupils, useFieldRig } from './field-rig.ts'

const fields = useFieldRig()
const { rig } = fields
let counselors = ''

beforeAll(async () => {
  counselors = await fields.addFields({ homeroom: 'Homeroom' })
})
beforeEach(async () => {
  await rig.clear()
  const sis = await fields.bringPupils()
  assert.deepEqual([sis.state, sis.told], ['completed', []])
})

describe('a field import', () => {
  it('changes the mapped field of the records that it names, and nothing else of anything', async () => {
    const before = await fields.snapshot()
    const end = await fields.bringFields(counselors, ['00101,A1', '00102,B2', '00103,'])
    assert.deepEqual([end.state, end.told], ['completed', []])
    assert.deepEqual(end.plan, ['update 00101', 'update 00102'])
    assert.deepEqual(await fields.read('homeroom'), { '00101': 'A1', '00102': 'B2' })
    const own = new Set(['homeroom', 'revision', 'updated_at', 'updated_run_id'])
    const strip = (rows: unknown[]) =>
      (rows as Record<string, unknown>[]).map((row) => Object.entries(row).filter(([name]) => !own.has(name)))
    assert.deepEqual(strip(await fields.snapshot()), strip(before), 'digests and source of the records too')
    const { counts } = await rig.readRun(end.run)
    assert.deepEqual(
      [counts.read, counts.created, counts.updated, counts.unchanged, counts.deactivated, counts.rejected],
      [3, 0, 2, 1, 0, 0],
    )
  })

  it('tells of ids that nobody has, and creates nobody', async () => {
    const end = await fields.bringFields(counselors, ['00101,A1', '00999,X', '00102,B2'])
    assert.deepEqual(end.told, ['T-21 error line 3'])
    assert.equal(end.state, 'completedWithAlerts')
    assert.deepEqual(end.plan, ['update 00101', 'skip 00999 unknownId', 'update 00102'])
    assert.deepEqual(await rig.ask('select count(*)::int as count from students'), [{ count: 12 }])
  })

  it('sets ids aside that have lost their zeros, be it known by their digits or by one that we hold', async () => {
    const lost = await fields.bringFields(counselors, ['00101,A1', '102,X'])
    assert.deepEqual(lost.told, ['T-17 error line 3'])
    // Ids of several lengths are held: only the record says what is missing.
    await fields.bringPupils([...pupils, { id: 's40' }])
    await rig.ask(`update students set sis_id = '777' where sis_id = '00141'`)
    const known = await fields.bringFields(counselors, ['102,X', '888,Y'])
    assert.deepEqual(known.told, ['T-21 error line 3', 'T-25 error line 2'])
    assert.deepEqual(await fields.read('homeroom'), { '00101': 'A1' })
  })

  it('leaves who is inactive as she is, and does not bring her back', async () => {
    await fields.bringPupils(pupils.slice(0, 11))
    const end = await fields.bringFields(counselors, ['00101,A1', '00112,X'])
    assert.deepEqual(end.told, ['T-23 warning line 3'])
    assert.deepEqual(end.plan, ['update 00101', 'skip 00112 inactiveRecord'])
    assert.deepEqual(await rig.ask(`select status from students where sis_id = '00112'`), [{ status: 'inactive' }])
  })

  it('finds records by another field, and none where several have it', async () => {
    const byName = await fields.addFields({ homeroom: 'Homeroom' }, { name: 'by login', matchBy: 'username' })
    await rig.ask(`update students set username = 'twin' where sis_id in ('00103', '00104')`)
    const end = await fields.bringFields(byName, ['login-s0,A1', 'twin,X', 'nobody,Y'])
    assert.deepEqual(end.told, ['T-21 error line 4', 'T-22 error line 3'])
    assert.deepEqual(await fields.read('homeroom'), { '00101': 'A1' })
    await rig.ask(`update students set status = 'inactive' where sis_id = '00104'`)
    const one = await fields.bringFields(byName, ['twin,C3'])
    assert.deepEqual([one.told, await fields.read('homeroom')], [[], { '00101': 'A1', '00103': 'C3' }])
  })

  it('of a field that another connection feeds is refused with its name, before the file is opened', async () => {
    const wrong = await fields.addFields({ homeroom: 'Homeroom', givenName: 'Name' }, { name: 'wrong' })
    const before = await fields.snapshot()
    const end = await fields.bringFields(wrong, ['\0 no text at all'])
    assert.deepEqual([end.state, end.told], ['cancelled', ['T-24 block']])
    assert.equal(end.refusal, 'The file cannot be used: givenName is fed by the connection "test".')
    assert.deepEqual(await fields.snapshot(), before)
  })

  it('is refused with the reason where its mapping cannot be used', async () => {
    const ids = await fields.addFields({ sourceKey: 'Key', homeroom: 'Homeroom' }, { name: 'ids' })
    assert.match((await fields.bringFields(ids, ['1,2'])).refusal ?? '', /ids are not changed/)
    const nothing = await fields.addFields({}, { name: 'nothing' })
    assert.match((await fields.bringFields(nothing, ['1,2'])).refusal ?? '', /nothing but sisId/)
    const unknown = await fields.addFields({ shoeSize: 'Homeroom' }, { name: 'unknown' })
    assert.match((await fields.bringFields(unknown, ['1,2'])).refusal ?? '', /shoeSize is not a field/)
    const without = await rig.addConnection({ connector: 'csv', name: 'without', settings: {} })
    assert.match((await fields.bringFields(without, ['1,2'])).refusal ?? '', /matchBy is missing/)
  })

  it('whose file is damaged changes nothing', async () => {
    const before = await fields.snapshot()
    const end = await fields.bringFields(counselors, ['00101,A1', '00102,"B2', '00103,C3'])
    assert.deepEqual([end.state, end.told], ['cancelled', ['T-07 block line 3']])
    assert.deepEqual(await fields.snapshot(), before)
  })

  it('changes nothing as a test', async () => {
    const before = await fields.snapshot()
    const end = await fields.bringFields(counselors, ['00101,A1'], { isTest: true })
    assert.deepEqual([end.state, end.plan], ['tested', ['update 00101']])
    assert.deepEqual(await fields.snapshot(), before)
  })

  it('takes a value of the wrong type for none, and tells', async () => {
    const gpa = await fields.addFields({ gpaWeighted: 'GPA' }, { name: 'gpa' })
    const end = await fields.bringFields(gpa, ['00101,3.85', '00102,much'], { header: 'Student ID,GPA' })
    assert.deepEqual(end.told, ['I-04 warning line 3'])
    assert.deepEqual(await fields.read('gpa_weighted'), { '00101': '3.85' })
  })
})

describe('the safety limits of a field import', () => {
  const all = (room: string) => pupils.map((_, at) => `${String(101 + at).padStart(5, '0')},${room}`)

  it('let it fill what was blank, and hold it where it would replace what most have', async () => {
    assert.equal((await fields.bringFields(counselors, all('A'))).state, 'completed')
    const second = await fields.bringFields(counselors, all('B'))
    assert.deepEqual([second.state, second.limits], ['held', ['updates']])
    assert.equal((await fields.read('homeroom'))['00101'], 'A')
  })

  it('hold it where most ids lead to nobody', async () => {
    const strangers = all('A').map((row, at) => (at < 6 ? row.replace('001', '009') : row))
    const end = await fields.bringFields(counselors, strangers)
    assert.deepEqual([end.state, end.limits], ['held', ['errorFindings']])
    assert.deepEqual(await fields.read('homeroom'), {})
  })
})
