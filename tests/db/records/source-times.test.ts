import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { useEmptyRig } from '../empty-rig.ts'
import type { InputFacts, Pupil } from '../roster-rig.ts'
import { withUndo } from '../undo/undo-rig.ts'

const district = useEmptyRig()
const delta: InputFacts = { isComplete: false, isDelta: true }
/** The first of October at some hour. */
const at = (hour: number) => `2026-10-01T${String(hour).padStart(2, '0')}:00:00.000Z`
const ada: Pupil = { key: 'k1', sisId: '1', homeroom: 'A1' }
const ben: Pupil = { key: 'k2', sisId: '2', homeroom: 'B1' }
const inRoom = (homeroom: string, hour: number): Pupil => ({ ...ada, homeroom, modifiedAt: at(hour) })

async function deltaOf(...pupils: readonly Pupil[]) {
  const { rig } = district
  const { runId } = await rig.import(pupils, delta)
  const planned = (await rig.planRows(runId)).map(({ action, reason }) => [action, reason ?? ''].join(' ').trim())
  const { rows } = await rig.owner.query<{ told: string }>(
    `select rule || ' ' || severity || ' ' || line as told from run_findings where run_id = $1 order by seq`,
    [runId],
  )
  return { runId, planned, told: rows.map(({ told }) => told) }
}

/** Room, status and hour of the first record, and the hour of its supplement. */
async function held(): Promise<string> {
  const { rows } = await district.rig.owner.query<{ line: string }>(`
    select concat_ws(' ', homeroom, status, extract(hour from primary_modified_at at time zone 'UTC'),
      '/' || extract(hour from supplement_modified_at at time zone 'UTC')) as line from students where sis_id = '1'`)
  return rows[0]?.line ?? ''
}

describe('a delta that comes late', () => {
  it('does not make an older room of a newer one, and says so', async () => {
    await district.rig.import([ada, ben])
    await deltaOf(inRoom('A2', 10))
    assert.equal(await held(), 'A2 active 10')
    const late = await deltaOf(inRoom('A3', 9), { ...ben, homeroom: 'B2', modifiedAt: at(9) })
    assert.deepEqual(late.planned, ['skip older', 'update'])
    assert.deepEqual(late.told, ['D-05 warning 2'])
    assert.equal(await held(), 'A2 active 10')
  })

  it('deactivates nobody who came back since', async () => {
    await district.rig.import([ada, ben])
    await deltaOf({ ...ada, kind: 'inactive', modifiedAt: at(8) })
    assert.equal(await held(), 'A1 inactive 8')
    assert.deepEqual((await deltaOf(inRoom('A1', 10))).planned, ['reactivate'])
    const late = await deltaOf({ ...ada, kind: 'inactive', modifiedAt: at(9) })
    assert.deepEqual([late.planned, late.told], [['skip older'], ['D-05 warning 2']])
    assert.equal(await held(), 'A1 active 10')
  })

  it('brings nobody back who left since', async () => {
    await district.rig.import([ada, ben])
    await deltaOf({ ...ada, kind: 'inactive', modifiedAt: at(10) })
    assert.deepEqual((await deltaOf(inRoom('A1', 9))).planned, ['skip older'])
    assert.equal(await held(), 'A1 inactive 10')
  })

  it('counts what the source said again without a change', async () => {
    await district.rig.import([ada, ben])
    await deltaOf(inRoom('A2', 8))
    assert.deepEqual((await deltaOf(inRoom('A2', 10))).planned, ['unchanged'])
    assert.equal(await held(), 'A2 active 10')
    assert.deepEqual((await deltaOf(inRoom('A3', 9))).planned, ['skip older'])
  })

  it('is compared record by record, and equal is not older', async () => {
    await district.rig.import([ada, ben])
    await deltaOf({ ...ben, homeroom: 'B2', modifiedAt: at(10) })
    assert.deepEqual((await deltaOf(inRoom('A2', 9))).planned, ['update'])
    assert.deepEqual((await deltaOf(inRoom('A1', 9))).planned, ['update'])
    assert.equal(await held(), 'A1 active 9')
  })

  it('finds what was known before a bulk file, which says no times', async () => {
    await district.rig.import([ada, ben])
    await deltaOf(inRoom('A2', 10))
    await district.rig.import([{ ...ada, homeroom: 'A4' }, ben])
    assert.equal(await held(), 'A4 active 10')
    assert.deepEqual((await deltaOf(inRoom('A3', 9))).planned, ['skip older'])
    assert.deepEqual((await deltaOf(inRoom('A3', 11))).planned, ['update'])
  })

  it('is not compared with the times of another source', async () => {
    const { rig } = district
    await rig.import([ada, ben])
    await deltaOf(inRoom('A2', 10))
    await rig.owner.query('update students set connection_id = $1', [randomUUID()])
    assert.deepEqual((await deltaOf(inRoom('A3', 9))).planned, ['update'])
    assert.equal(await held(), 'A3 active 9')
  })

  it('is created with its time', async () => {
    await district.rig.import([ben])
    await deltaOf(inRoom('A1', 10))
    assert.equal(await held(), 'A1 active 10')
  })
})

describe('a late supplement', () => {
  const born = (birthDate: string, hour: number) => ({ birthDate, supplementModifiedAt: at(hour) })
  const birthDates = async () => (await district.rig.students()).map(({ birth_date: date }) => date)

  it('alone is ignored', async () => {
    await district.rig.import([ada, ben])
    await deltaOf({ ...ada, isSupplementOnly: true, ...born('2013-03-03', 10) })
    assert.equal(await held(), 'A1 active /10')
    const late = await deltaOf({ ...ada, isSupplementOnly: true, ...born('2013-03-09', 9) })
    assert.deepEqual([late.planned, late.told], [['skip older'], ['D-05 warning 2']])
    assert.equal((await birthDates())[0], '2013-03-03')
  })

  it('is left out of a row that counts, and comes again later', async () => {
    await district.rig.import([ada, ben])
    await deltaOf({ ...inRoom('A1', 8), ...born('2013-03-03', 10) })
    const mixed = await deltaOf({ ...inRoom('A2', 11), ...born('2013-03-09', 9) })
    assert.deepEqual([mixed.planned, mixed.told], [['update'], ['D-05 warning 2']])
    assert.equal((await birthDates())[0], '2013-03-03')
    assert.equal(await held(), 'A2 active 11/10'.replace('11/', '11 /'))
    await deltaOf({ ...inRoom('A2', 12), ...born('2013-03-09', 12) })
    assert.equal((await birthDates())[0], '2013-03-09')
  })
})

describe('a delta that withdraws somebody we never had', () => {
  it('is told for information; a bulk file, or one that we have as inactive, is not', async () => {
    await district.rig.import([ada, ben])
    const stranger: Pupil = { key: 'k9', kind: 'inactive', modifiedAt: at(9) }
    const withdrawn = await deltaOf({ ...ada, kind: 'inactive', modifiedAt: at(9) }, stranger)
    assert.deepEqual(withdrawn.planned, ['deactivate withdrawn', 'skip notKnown'])
    assert.deepEqual(withdrawn.told, ['D-06 info 3'])
    const again = await deltaOf({ ...ada, kind: 'inactive', modifiedAt: at(9) })
    assert.deepEqual([again.planned, again.told], [['skip notHeld'], []])
    const { runId } = await district.rig.import([ben, { key: 'k9', kind: 'inactive' }])
    assert.deepEqual(
      (await district.rig.planRows(runId)).map(({ reason }) => reason),
      ['notHeld'],
    )
  })

  it('does not count as an error', async () => {
    await district.rig.import([ada, ben])
    const strangers = Array.from({ length: 9 }, (_, index): Pupil => ({
      key: `s${index}`,
      kind: 'inactive',
      modifiedAt: at(9),
    }))
    const { plan } = await district.rig.import(strangers, delta)
    assert.deepEqual(plan.metLimits, [])
  })
})

describe('an undo', () => {
  it('gives the times back with the values, and its undo takes them again', async () => {
    const { rig } = district
    const undo = withUndo(rig)
    await undo.import([ada, ben])
    await undo.import([inRoom('A2', 8)], delta)
    const wrong = await undo.import([inRoom('A9', 10)], delta)
    const undone = await undo.undo(wrong)
    assert.equal(await held(), 'A2 active 8')
    await undo.undo(undone.undoId)
    assert.equal(await held(), 'A9 active 10')
  })

  it('lets what was sent between the two in again, and nothing older', async () => {
    const { rig } = district
    const undo = withUndo(rig)
    await undo.import([ada, ben])
    await undo.import([inRoom('A2', 8)], delta)
    await undo.undo(await undo.import([{ ...ada, kind: 'inactive', modifiedAt: at(10) }], delta))
    assert.equal(await held(), 'A2 active 8')
    assert.deepEqual((await deltaOf(inRoom('A3', 7))).planned, ['skip older'])
    assert.deepEqual((await deltaOf(inRoom('A4', 9))).planned, ['update'])
  })

  it('of a field that somebody changed since gives the time back too', async () => {
    const undo = withUndo(district.rig)
    await undo.import([ada, ben])
    await undo.import([inRoom('A2', 8)], delta)
    const wrong = await undo.import([{ ...inRoom('A9', 10), email: 'ada@example.org' }], delta)
    await undo.edit('1', `homeroom = 'By hand'`)
    await undo.undo(wrong)
    assert.equal(await held(), 'By hand active 8')
  })

  it('of whom it created leaves nothing to be older than', async () => {
    const undo = withUndo(district.rig)
    await undo.import([ben])
    await undo.undo(await undo.import([inRoom('A1', 10)], delta))
    assert.equal(await held(), 'A1 inactive')
    assert.deepEqual((await deltaOf(inRoom('A3', 9))).planned, ['reactivate'])
  })
})
