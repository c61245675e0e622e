import assert from 'node:assert/strict'
import { useEmptyRig } from '../empty-rig.ts'
import type { Pupil } from '../roster-rig.ts'
import { withUndo } from './undo-rig.ts'

const district = useEmptyRig()

const pupils = (count: number, change: Partial<Pupil> = {}): Pupil[] =>
  Array.from({ length: count }, (_, index) => ({ key: `k${index}`, sisId: String(1000 + index), ...change }))

/** Held: 20 pupils. The run that is undone: 5 unchanged, 10 updated, 5 absent, 7 new. */
async function importMixed() {
  const rig = withUndo(district.rig)
  await rig.import(pupils(20, { bus: '1', birthDate: '2011-05-06' }))
  const before = await rig.values()
  const changed = pupils(15, { homeroom: 'B2', bus: '2', birthDate: '2011-05-07', school: 'south' }).slice(5)
  const added = Array.from({ length: 7 }, (_, index) => ({ key: `new${index}`, sisId: String(2000 + index) }))
  const runId = await rig.import([...pupils(5, { bus: '1', birthDate: '2011-05-06' }), ...changed, ...added])
  return { rig, before, after: await rig.values(), runId }
}

/** The records of `all` that were there before; the others must be inactive. */
function withoutCreated(all: Map<string, Record<string, unknown>>, before: Map<string, Record<string, unknown>>) {
  for (const [id, values] of all) if (!before.has(id)) assert.equal(values['status'], 'inactive')
  return new Map([...all].filter(([id]) => before.has(id)))
}

describe('undoing a run', () => {
  it('restores every value of every record, and makes inactive what it created', async () => {
    const { rig, before, runId } = await importMixed()
    const preview = await rig.preview(runId)
    const undone = await rig.undo(runId, { batchRows: 4, lanes: 2 })
    assert.deepEqual(withoutCreated(await rig.values(), before), before)
    const { reverted, madeInactive, skipped, state } = undone
    assert.deepEqual(
      { reverted, madeInactive, skipped, state },
      { reverted: 15, madeInactive: 7, skipped: [], state: 'completed' },
    )
    assert.deepEqual(preview, { reverted: 15, madeInactive: 7, skippedCount: 0, skipped: [] })
    assert.equal((await rig.readRun(runId)).state, 'undone')
    const { counts } = await rig.readRun(undone.undoId)
    assert.deepEqual(counts, { updated: 10, reactivated: 5, deactivated: 7 })
  })

  it('can itself be undone, and that again', async () => {
    const { rig, before, after, runId } = await importMixed()
    const first = await rig.undo(runId)
    const second = await rig.undo(first.undoId, { batchRows: 3 })
    assert.deepEqual(await rig.values(), after)
    assert.equal(second.reverted, 22)
    const third = await rig.undo(second.undoId)
    assert.deepEqual(withoutCreated(await rig.values(), before), before)
    assert.equal(third.madeInactive, 7)
    const states = await Promise.all([runId, first.undoId, second.undoId, third.undoId].map((id) => rig.readRun(id)))
    assert.deepEqual(
      states.map(({ state }) => state),
      ['undone', 'undone', 'undone', 'completed'],
    )
  })

  it('keeps each field that a person changed since, and names who', async () => {
    const { rig, before, runId } = await importMixed()
    const edited = [...(await rig.values()).values()]
    await rig.edit('1007', `homeroom = 'C9', phone = '555'`)
    await rig.edit('1008', `custom_fields = '{"bus": "9"}'`)
    await rig.edit('1017', `status = 'active'`, 'Mr. Birch')
    await rig.edit('2000', `status = 'inactive'`)
    await rig.edit('2001', `given_name = 'Zora'`)
    // Changed and changed back: a person decided that this is the value.
    await rig.edit('1009', `homeroom = 'C9'`)
    await rig.edit('1009', `homeroom = 'B2'`)
    const preview = await rig.preview(runId)
    const undone = await rig.undo(runId)

    const idOf = (sisId: string) => edited.find((values) => values['sis_id'] === sisId)?.['id'] as string
    const expected = [
      { recordId: idOf('1007'), field: 'homeroom', by: 'Ms. Alder' },
      { recordId: idOf('1008'), field: 'customFields.bus', by: 'Ms. Alder' },
      { recordId: idOf('1009'), field: 'homeroom', by: 'Ms. Alder' },
      { recordId: idOf('1017'), field: 'status', by: 'Mr. Birch' },
      { recordId: idOf('2000'), field: 'status', by: 'Ms. Alder' },
    ].map((skip) => ({ ...skip, reason: 'changedByPerson' }))
    const byRecord = (a: { recordId: string }, b: { recordId: string }) => (a.recordId < b.recordId ? -1 : 1)
    assert.deepEqual(
      undone.skipped,
      expected.sort(byRecord).map(({ recordId, field, reason, by }) => ({ recordId, field, reason, by })),
    )
    assert.deepEqual(preview, { reverted: 14, madeInactive: 6, skippedCount: 5, skipped: undone.skipped })
    assert.equal(undone.reverted, 14)
    assert.equal((await rig.readRun(runId)).state, 'partlyUndone')

    const now = await rig.values()
    const wanted = new Map(before)
    const keep = (sisId: string, values: Record<string, unknown>) =>
      wanted.set(idOf(sisId), { ...before.get(idOf(sisId)), ...values })
    keep('1007', { homeroom: 'C9', phone: '555' })
    keep('1008', { custom_fields: { bus: '9' } })
    keep('1009', { homeroom: 'B2' })
    assert.deepEqual(withoutCreated(now, before), wanted)
    assert.equal(now.get(idOf('2001'))?.['given_name'], 'Zora')

    const redone = await rig.undo(undone.undoId)
    assert.deepEqual(redone.skipped, [])
    const after = await rig.values()
    assert.equal(after.get(idOf('2000'))?.['status'], 'inactive', 'what the undo left alone is none of its undo')
    assert.equal(after.get(idOf('2001'))?.['status'], 'active')
    assert.equal(after.get(idOf('1007'))?.['homeroom'], 'C9')
    assert.equal(after.get(idOf('1007'))?.['school_id'], after.get(idOf('1008'))?.['school_id'])
  })

  it('gives back an id only where nobody has it by now', async () => {
    const rig = withUndo(district.rig)
    await rig.import([
      { key: 'a', sisId: '1' },
      { key: 'b', sisId: '2' },
    ])
    const runId = await rig.import([
      { key: 'a', sisId: '10', homeroom: 'X' },
      { key: 'b', sisId: '2' },
    ])
    await rig.edit('2', `sis_id = '1'`)
    const preview = await rig.preview(runId)
    const undone = await rig.undo(runId)
    assert.deepEqual(
      undone.skipped.map(({ field, reason, by }) => ({ field, reason, by })),
      [{ field: 'sisId', reason: 'idTaken', by: null }],
    )
    assert.deepEqual(preview.skipped, undone.skipped)
    const records = await district.rig.students()
    assert.deepEqual(
      records.map((r) => `${r.sis_id} ${r.source_key} ${r.homeroom}`),
      ['1 b null', '10 a null'],
    )
  })

  it('lets the next import compare what was undone, and brings back whom it made inactive', async () => {
    const { rig, after, runId } = await importMixed()
    await rig.undo(runId)
    const again = [
      ...pupils(5, { bus: '1', birthDate: '2011-05-06' }),
      ...pupils(15, { homeroom: 'B2', bus: '2', birthDate: '2011-05-07', school: 'south' }).slice(5),
    ]
    const added = Array.from({ length: 7 }, (_, index) => ({ key: `new${index}`, sisId: String(2000 + index) }))
    await rig.import([...again, ...added])
    assert.deepEqual(await rig.values(), after)
  })

  it('makes every plan stale that was made before', async () => {
    const { rig, runId } = await importMixed()
    const planned = await district.rig.stage(pupils(20, { homeroom: 'Z' }))
    await district.rig.plan(planned)
    await rig.undo(runId)
    assert.deepEqual(await district.rig.apply(planned), { isStale: true })
  })

  it('goes on where it was killed, and two at once do the work of one', async () => {
    const { rig, before, runId } = await importMixed()
    const opened = await rig.open(runId)
    assert.ok('undo' in opened)
    for (let killed = 1; killed <= 4; killed++) {
      const kill = () => {
        throw new Error('killed')
      }
      await assert.rejects(
        rig.carryOut(opened.undo.id, { batchRows: 4, lanes: 1 + (killed % 2), afterBatch: kill }),
        /killed/,
      )
    }
    const both = await Promise.all([rig.carryOut(opened.undo.id), rig.carryOut(opened.undo.id)])
    assert.deepEqual(withoutCreated(await rig.values(), before), before)
    assert.deepEqual(
      both.map(({ reverted, madeInactive }) => [reverted, madeInactive]),
      [
        [15, 7],
        [15, 7],
      ],
    )
    const { rows } = await district.rig.owner.query('select from journal where run_id = $1', [opened.undo.id])
    assert.equal(rows.length, 15)
  })

  it('that wrote its plan anew takes both plans back', async () => {
    const rig = withUndo(district.rig)
    await rig.import(pupils(6, { homeroom: 'A' }))
    const before = await rig.values()
    const roster = [...pupils(4, { homeroom: 'B' }), { key: 'n', sisId: '3000' }]
    const runId = await district.rig.stage(roster)
    await district.rig.plan(runId)
    await district.rig.apply(runId, { part: 'safe' })
    await district.rig.restage(
      runId,
      roster.map((pupil) => ({ ...pupil, homeroom: 'C' })),
    )
    await district.rig.plan(runId)
    await district.rig.apply(runId)
    await rig.close(runId)
    const after = await rig.values()
    const preview = await rig.preview(runId)
    const undone = await rig.undo(runId)
    assert.deepEqual(undone.skipped, [])
    assert.deepEqual(withoutCreated(await rig.values(), before), before)
    // Four updated, two absent, and the new one, which the second plan changed.
    assert.deepEqual([undone.reverted, preview.reverted, preview.madeInactive], [7, 7, 1])
    await rig.undo(undone.undoId)
    assert.deepEqual(await rig.values(), after)
  })
})

describe('a run that cannot be undone', () => {
  it('is one after which another changed the records, until that is undone', async () => {
    const rig = withUndo(district.rig)
    const first = await rig.import(pupils(10))
    const second = await rig.import(pupils(10, { homeroom: 'B' }))
    const idle = await rig.import(pupils(10, { homeroom: 'B' }))
    await assert.rejects(rig.undo(first), new RegExp(`only the last run .* is ${second}`))
    await assert.rejects(rig.undo(idle), /only the last run/)
    const undone = await rig.undo(second)
    await assert.rejects(rig.undo(second), new RegExp(`undone already, by run ${undone.undoId}`))
    const { madeInactive, skipped } = await rig.undo(first)
    assert.deepEqual({ madeInactive, skipped }, { madeInactive: 10, skipped: [] })
  })

  it('is one whose undo was overtaken: that changes nothing', async () => {
    const rig = withUndo(district.rig)
    await rig.import(pupils(10))
    const runId = await rig.import(pupils(10, { homeroom: 'B' }))
    const opened = await rig.open(runId)
    assert.ok('undo' in opened)
    await rig.import(pupils(10, { homeroom: 'C' }))
    const before = await rig.values()
    const end = await rig.carryOut(opened.undo.id)
    assert.equal(end.state, 'discarded')
    assert.match(end.closedReason ?? '', /only the last run/)
    assert.deepEqual(await rig.values(), before)
    assert.equal((await rig.readRun(runId)).state, 'completed')
  })

  it('is asked for twice and opened once', async () => {
    const { rig, runId } = await importMixed()
    const [one, two] = await Promise.all([rig.open(runId), rig.open(runId)])
    assert.ok('undo' in one && 'undo' in two)
    assert.equal(one.undo.id, two.undo.id)
    const { rows } = await district.rig.owner.query(
      `select from audit_log where action = 'requestUndo' and subject ->> 'runId' = $1`,
      [runId],
    )
    assert.equal(rows.length, 1)
  })
})
