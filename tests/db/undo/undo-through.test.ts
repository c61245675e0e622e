import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { withDistrict } from '../../../db/database.ts'
import { findOlderUndo } from '../../../db/import/last-word.ts'
import { findUndoObstacle } from '../../../db/undo/find-undo-obstacle.ts'
import { openUndo } from '../../../db/undo/open-undo.ts'
import { purgeJournal } from '../../../db/retention/purge-journal.ts'
import { undoRun } from '../../../db/undo/undo-run.ts'
import { closeUndoThrough, findUndoThroughOf, openUndoThrough } from '../../../db/undo/undo-through.ts'
import { students } from '../../../domain/data-types/students.ts'
import { withCases } from '../resolution/case-rig.ts'
import { useEmptyRig } from '../empty-rig.ts'
import type { Pupil } from '../roster-rig.ts'
import { withUndo, type UndoRig } from './undo-rig.ts'

const district = useEmptyRig()
const hour = 3_600_000

const pupils = (count: number, change: Partial<Pupil> = {}): Pupil[] =>
  Array.from({ length: count }, (_, index) => ({ key: `k${index}`, sisId: String(1000 + index), ...change }))
const inDistrict = <Result>(work: Parameters<typeof withDistrict<Result>>[2]) =>
  withDistrict(district.rig.db, district.rig.districtId, work)

/** As the workflow does: the newest first, each judged when its turn comes. With what the preview said of each before. */
async function undoThrough(rig: UndoRig, runId: string) {
  const runIds = await rig.listThrough(runId)
  const previews = await rig.previewThrough(runIds)
  const done = []
  for (const id of runIds) done.push(await rig.undo(id, { batchRows: 3 }))
  const told = done.map(({ reverted, madeInactive, skippedCount, skipped }) => {
    return { reverted, madeInactive, skippedCount, skipped }
  })
  return { runIds, previews, told, undoIds: done.map(({ undoId }) => undoId) }
}

const withoutCreated = (all: Map<string, Record<string, unknown>>, before: Map<string, Record<string, unknown>>) => {
  for (const [id, values] of all) if (!before.has(id)) assert.equal(values['status'], 'inactive')
  return new Map([...all].filter(([id]) => before.has(id)))
}

/** Held: 12 pupils. Then a run that updates all and brings 3, one that deactivates 2 and updates again, and one more. */
async function importThree() {
  const rig = withUndo(district.rig)
  await rig.import(pupils(12, { homeroom: 'A', bus: '1' }))
  const before = await rig.values()
  const first = await rig.import(pupils(15, { homeroom: 'B', bus: '2' }))
  const second = await rig.import(pupils(14, { homeroom: 'C', bus: '2' }).slice(2))
  const third = await rig.import(pupils(14, { homeroom: 'D', bus: '2', school: 'south' }).slice(2))
  return { rig, before, after: await rig.values(), ids: [third, second, first], first, second, third }
}

describe('undoing a run with everything that came after it', () => {
  it('restores every value, the newest first, as its preview said', async () => {
    const { rig, before, first, ids } = await importThree()
    const { runIds, previews, told } = await undoThrough(rig, first)
    assert.deepEqual(runIds, ids)
    assert.deepEqual(withoutCreated(await rig.values(), before), before)
    assert.deepEqual(previews, told)
    assert.deepEqual(
      told.map(({ reverted, madeInactive, skippedCount }) => [reverted, madeInactive, skippedCount]),
      [
        [12, 0, 0],
        [15, 0, 0],
        [12, 3, 0],
      ],
    )
    for (const id of ids) assert.equal((await rig.readRun(id)).state, 'undone')
  })

  it('leaves what a person changed between two of the runs or after them, by name, in the preview as in the end', async () => {
    const rig = withUndo(district.rig)
    await rig.import(pupils(4, { homeroom: 'A', bus: '1' }))
    const before = await rig.values()
    const first = await rig.import(pupils(4, { homeroom: 'B', bus: '2' }))
    await rig.edit('1000', `homeroom = 'X'`, 'Ms. Alder')
    await rig.import(pupils(4, { homeroom: 'C', bus: '3' }))
    await rig.edit('1001', `custom_fields = '{"bus": "9"}'`, 'Mr. Birch')
    const { previews, told } = await undoThrough(rig, first)
    assert.deepEqual(previews, told)
    const after = await rig.values()
    const recordOf = (sisId: string) => [...after].find(([, { sis_id: held }]) => held === sisId)?.[0] ?? ''
    const [one, other] = [recordOf('1000'), recordOf('1001')]
    const byPerson = (recordId: string, field: string, by: string) => {
      return { recordId, field, reason: 'changedByPerson', by }
    }
    const sorted = [byPerson(one, 'homeroom', 'Ms. Alder'), byPerson(other, 'customFields.bus', 'Mr. Birch')]
    assert.deepEqual(
      told.map(({ skipped }) => skipped),
      [[byPerson(other, 'customFields.bus', 'Mr. Birch')], sorted.sort((a, b) => (a.recordId < b.recordId ? -1 : 1))],
    )
    const expected = new Map(before)
    expected.set(one, { ...before.get(one), homeroom: 'X' })
    expected.set(other, { ...before.get(other), custom_fields: { bus: '9' } })
    assert.deepEqual(after, expected)
  })

  it('takes an import back with the run that carried out its duplicate decisions', async () => {
    const rig = withCases(district.rig)
    const hints = { settings: { questionBudgets: { likely: 0.001, possible: 1000 }, deactivateMissing: false } }
    const ada = { key: 'k-a', sisId: 's-a', givenName: 'Ada', familyName: 'Achterberg', birthDate: '2011-05-17' }
    await rig.import([ada, ...pupils(4)])
    const before = await rig.values()
    const wrong = await rig.import(
      [{ key: 'k-9', sisId: 's-9', givenName: 'Ada', familyName: 'Achterberg', homeroom: 'H9' }, ...pupils(4)],
      hints,
    )
    const [found] = await rig.cases()
    assert.ok(found !== undefined)
    await rig.decide({ caseId: found.id, action: 'match', recordId: found.candidates[0]?.recordId ?? '' })
    const [resolution = ''] = await rig.process()
    const obstacle = await inDistrict(async (trx) => findUndoObstacle(trx, await rig.readRun(wrong)))
    assert.deepEqual(obstacle?.laterRuns, [{ runId: resolution, kind: 'resolution' }])
    const { runIds, previews, told } = await undoThrough(rig, wrong)
    assert.deepEqual(runIds, [resolution, wrong])
    assert.deepEqual(previews, told)
    assert.deepEqual(withoutCreated(await rig.values(), before), before)
  })

  it('can be brought back, in the other order', async () => {
    const { rig, before, after, first } = await importThree()
    const { undoIds } = await undoThrough(rig, first)
    const [newest = '', , oldest = ''] = undoIds
    assert.deepEqual(await rig.listThrough(newest), [...undoIds].reverse())
    const { previews, told } = await undoThrough(rig, newest)
    assert.deepEqual(previews, told)
    assert.deepEqual(await rig.values(), after)
    assert.equal((await rig.readRun(oldest)).state, 'undone')
    assert.notDeepEqual(after, before)
  })
})

describe('a run that is not the last one', () => {
  it('is refused with the runs that came after it, and how to take them back with it', async () => {
    const { rig, first, second, third } = await importThree()
    const obstacle = await inDistrict(async (trx) => findUndoObstacle(trx, await rig.readRun(first)))
    assert.deepEqual(obstacle, {
      reason: `only the last run that changed the records can be undone, and that is ${third}; \`rollbook undo ${first} --through\` takes it back with what came after it, the newest first: ${third} (import), ${second} (import)`,
      laterRuns: [
        { runId: third, kind: 'import' },
        { runId: second, kind: 'import' },
      ],
    })
  })

  it('is not offered to be taken back with one whose window is over: that one is named, and nothing is begun', async () => {
    const { rig, first, second } = await importThree()
    await district.rig.owner.query(`update import_runs set undo_until = now() - interval '1 second' where id = $1`, [
      second,
    ])
    const now = new Date()
    const { reason = '' } =
      (await inDistrict(async (trx) => findUndoObstacle(trx, await rig.readRun(first), { now }))) ?? {}
    assert.match(reason, new RegExp(`run ${second} came after it and cannot be undone: its undo window ended at`))
    assert.doesNotMatch(reason, /--through/)
    await assert.rejects(rig.listThrough(first), new RegExp(`run ${second} came after it and cannot be undone`))
  })

  it('waits for an undo that was stopped half-way, which goes on with the rest', async () => {
    const { rig, before, first, second, third } = await importThree()
    const opened = await rig.open(third)
    assert.ok('undo' in opened)
    const { districtId, db } = district.rig
    const stop = () => Promise.reject(new Error('stopped'))
    const request = { districtId, runId: opened.undo.id, dataType: students, batchRows: 3, lanes: 1, afterBatch: stop }
    await assert.rejects(undoRun(db, request), /stopped/)
    await district.rig.owner.query(`update import_runs set state = 'cancelled' where id = $1`, [opened.undo.id])
    await assert.rejects(rig.undo(second), /only the last run/)
    const { undoIds } = await undoThrough(rig, first)
    assert.equal(undoIds[0], opened.undo.id)
    assert.deepEqual(withoutCreated(await rig.values(), before), before)
  })

  it('does not stand behind one whose undo had nothing left to take back', async () => {
    const rig = withUndo(district.rig)
    await rig.import(pupils(3, { homeroom: 'A' }))
    const first = await rig.import(pupils(3, { bus: '2', homeroom: 'A' }))
    const second = await rig.import(pupils(3, { bus: '2', homeroom: 'C' }))
    for (const { sisId } of pupils(3)) await rig.edit(sisId ?? '', `homeroom = 'X'`)
    assert.equal((await rig.undo(second)).reverted, 0)
    assert.equal((await rig.undo(first)).reverted, 3)
  })
})

describe('an undo of several runs', () => {
  const wish = (runId: string, runIds: readonly string[], id: string = randomUUID()) => {
    return { id, runId, runIds, by: 'operator-7', reason: 'wrong file', askedAt: new Date() }
  }
  const open = (request: ReturnType<typeof wish>) => inDistrict((trx) => openUndoThrough(trx, request))

  it('is one wish in the audit log, and the same one when asked again', async () => {
    const { first, ids } = await importThree()
    const request = wish(first, ids)
    const opened = await open(request)
    assert.deepEqual([opened.state, opened.runIds], ['undoing', ids])
    assert.deepEqual(await open(request), opened)
    await inDistrict((trx) =>
      openUndo(trx, { runId: ids[0] ?? '', by: 'operator-7', reason: '', now: new Date(), throughWorkflowId: 'w' }),
    )
    const { rows } = await district.rig.owner.query<{ action: string; subject: unknown }>(
      `select action, subject from audit_log where subject ->> 'runId' = any ($1)`,
      [ids],
    )
    assert.deepEqual(rows, [
      { action: 'requestUndoThrough', subject: { runId: first, runIds: ids, reason: 'wrong file' } },
    ])
    const { rows: undos } = await district.rig.owner.query(
      `select workflow_id from import_runs where undo_of = $1 and state = 'applying'`,
      [ids[0]],
    )
    assert.deepEqual(undos, [{ workflow_id: 'w' }])
  })

  it('takes back no more than was confirmed', async () => {
    const { rig, first, ids } = await importThree()
    const newer = await rig.import(pupils(12, { homeroom: 'E' }))
    const opened = await open(wish(first, ids))
    assert.deepEqual(
      [opened.state, opened.stoppedReason],
      ['stopped', `run ${newer} changed the records meanwhile; look at the preview again`],
    )
    assert.ok(opened.finishedAt !== null)
  })

  it('takes the place of one whose workflow is gone', async () => {
    const { first, ids } = await importThree()
    const lost = await open(wish(first, ids))
    const { id } = await open(wish(first, ids))
    const last = await inDistrict((trx) => findUndoThroughOf(trx, first))
    assert.deepEqual([last?.id, last?.state], [id, 'undoing'])
    const { rows } = await district.rig.owner.query('select state from undo_throughs where id = $1', [lost.id])
    assert.deepEqual(rows, [{ state: 'stopped' }])
  })

  it('keeps what it needs although a window ends, and imports that were asked for since waiting, until it is over', async () => {
    const { rig, first, ids } = await importThree()
    const { db, districtId } = district.rig
    const { id } = await open(wish(first, ids))
    const next = await district.rig.stage(pupils(3))
    const waitsFor = () => inDistrict(async (trx) => (await findOlderUndo(trx, next))?.runId)
    const purge = () => purgeJournal(db, { districtId, runId: first, now: new Date(Date.now() + 80 * hour) })
    assert.deepEqual(await purge(), { purgedRows: 0, isNeeded: true })
    assert.equal((await rig.readRun(first)).journalPurgedAt, null)
    assert.equal(await waitsFor(), first)
    await inDistrict((trx) => closeUndoThrough(trx, { id, now: new Date(), stoppedReason: null }))
    assert.deepEqual(await purge(), { purgedRows: 12, isNeeded: false })
    assert.equal(await waitsFor(), undefined)
  })

  it('gives an undo that is over no second place among the runs when somebody else comes to it late', async () => {
    const { rig, third } = await importThree()
    const { undoId } = await rig.undo(third)
    const { appliedVersion } = await rig.readRun(undoId)
    const { districtId, db } = district.rig
    await rig.undo(await rig.listThrough(undoId).then(([id = '']) => id))
    assert.deepEqual(await undoRun(db, { districtId, runId: undoId, dataType: students }), { obstacle: undefined })
    assert.equal((await rig.readRun(undoId)).appliedVersion, appliedVersion)
  })
})
