import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { Problem } from '../../../api/contract/problem.ts'
import type { UndoDocument, UndoReceipt } from '../../../api/contract/undo.ts'
import { withDistrict } from '../../../db/database.ts'
import type { RunRow } from '../../../db/import/runs.ts'
import { openUndo } from '../../../db/undo/open-undo.ts'
import { closeUndoThrough, openUndoThrough } from '../../../db/undo/undo-through.ts'
import { readAnswer, useApiRig, type TestDistrict } from '../api-rig.ts'
import { plantConnection, plantRun } from '../import/plant-run.ts'
import { plantStudents, recordId } from '../plant-records.ts'

const rig = useApiRig()
let token: string
let district: TestDistrict
let connectionId: string

/** A run that changed the home room of one record, as its journal has it. */
async function plantApplied(options: { readonly undoUntil?: Date } = {}): Promise<RunRow> {
  const run = await plantRun(rig(), district, connectionId)
  const undoUntil = options.undoUntil ?? new Date(Date.now() + 3_600_000)
  await withDistrict(rig().db, district.id, async (trx) => {
    const { count } = await trx
      .selectFrom('importRuns')
      .select((select) => select.fn.countAll<string>().as('count'))
      .executeTakeFirstOrThrow()
    const finishedAt = new Date()
    await trx
      .updateTable('importRuns')
      .set({ undoUntil, finishedAt, startedAt: finishedAt, appliedVersion: Number(count) })
      .where('id', '=', run.id)
      .execute()
    await trx
      .insertInto('appliedBatches')
      .values({
        ...{ districtId: district.id, runId: run.id, planNo: 0, part: 'safe', batchNo: 0, firstSeq: 1, lastSeq: 1 },
        counts: JSON.stringify({ update: 1 }),
      })
      .execute()
    await trx
      .insertInto('journal')
      .values({
        ...{ districtId: district.id, runId: run.id, planNo: 0, seq: 1, dataType: 'students', action: 'update' },
        ...{ recordId: recordId(1), before: '{"homeroom": "A"}', after: '{"homeroom": "B"}', revision: 9 },
      })
      .execute()
  })
  return run
}

const post = (runId: string, body: unknown = {}, as = token) =>
  rig().sendJson(as, 'POST', `/api/runs/${runId}/undo`, body)
const preview = (runId: string) => rig().send(token, 'GET', `/api/runs/${runId}/undo/preview`)

describe('undo over HTTP', () => {
  beforeAll(async () => {
    token = await rig().makeToken()
    district = await rig().makeDistrict()
    connectionId = (await plantConnection(rig(), token, district)).id
    await plantStudents(rig(), district, [{ id: recordId(1), sisId: '1' }])
  })

  it('sends the wish to the undo window of the run, with who asked and why', async () => {
    const run = await plantApplied()
    const receipt = await readAnswer<UndoReceipt>(await post(run.id, { reason: 'wrong file' }), 202)
    assert.equal(receipt.undoRunId, rig().workflows.undoRunId)
    assert.equal(receipt.delivery, 'answered')
    assert.deepEqual(rig().workflows.messages.at(-1), {
      workflowId: `undo/${run.id}`,
      message: { by: 'tester', reason: 'wrong file' },
    })
  })

  it('says that the wish is kept when no worker answers', async () => {
    const run = await plantApplied()
    rig().workflows.delivery = 'sent'
    const receipt = await readAnswer<UndoReceipt>(await post(run.id), 202)
    rig().workflows.delivery = 'answered'
    assert.deepEqual([receipt.delivery, receipt.undoRunId], ['sent', null])
  })

  it('previews by record and field, without a value', async () => {
    const run = await plantApplied()
    const found = await readAnswer<UndoDocument>(await preview(run.id))
    assert.deepEqual(found, {
      ...{ runId: null, undoOf: run.id, kind: 'import', state: 'preview' },
      ...{ reverted: 0, madeInactive: 0, skippedCount: 1 },
      skipped: [
        ...[
          { recordId: recordId(1), sisId: '1', name: 'Ada Quist', field: 'homeroom', reason: 'changedSince', by: null },
        ],
      ],
    })
  })

  it('names nobody to who may not see values', async () => {
    const run = await plantApplied()
    const viewer = await rig().makeToken({ rights: ['view'] })
    const seen = await readAnswer<UndoDocument>(await rig().send(viewer, 'GET', `/api/runs/${run.id}/undo/preview`))
    assert.deepEqual([seen.skipped[0]?.sisId, seen.skipped[0]?.name], ['1', null])
  })

  it('is refused with the reason, before the workflow is asked', async () => {
    const older = await plantApplied()
    const newer = await plantApplied()
    const over = await plantApplied({ undoUntil: new Date(Date.now() - 1000) })
    const unchanged = await plantRun(rig(), district, connectionId)
    const running = await plantRun(rig(), district, connectionId, 'applying')
    const told = rig().workflows.messages.length
    for (const [run, reason] of [
      [
        older,
        new RegExp(
          `^Only the last run that changed the records can be undone, and that is ${over.id}; run ${over.id} came`,
        ),
      ],
      [newer, /^Only the last run/],
      [over, /^Its undo window ended at /],
      [unchanged, /^It changed no record\.$/],
      [running, /^It is not over; its state is "applying"\.$/],
    ] as const) {
      for (const answer of [await post(run.id), await preview(run.id)]) {
        const problem = await readAnswer<Problem>(answer, 409)
        assert.equal(problem.code, 'UNDO_REFUSED')
        assert.match(problem.detail, reason)
      }
    }
    assert.equal(rig().workflows.messages.length, told)
  })

  it('passes on what the workflow says', async () => {
    const run = await plantApplied()
    rig().workflows.refusal = 'it was undone already, by run 7'
    const problem = await readAnswer<Problem>(await post(run.id), 409)
    rig().workflows.refusal = undefined
    assert.deepEqual([problem.code, problem.detail], ['UNDO_REFUSED', 'It was undone already, by run 7.'])
  })

  it('needs a right of its own, and knows no run of another district', async () => {
    const run = await plantApplied()
    const without = await rig().makeToken({ rights: ['view', 'run', 'approveHold', 'resolve'] })
    assert.equal((await post(run.id, {}, without)).status, 403)
    const other = await rig().makeDistrict()
    const stranger = await rig().makeToken({ districtId: other.id })
    assert.equal((await post(run.id, {}, stranger)).status, 404)
    assert.equal((await post(randomUUID())).status, 404)
    assert.equal((await rig().send(token, 'GET', `/api/runs/${run.id}/undo`)).status, 404)
  })
})

describe('the history of a record over HTTP', () => {
  const path = (id: string) => `/api/districts/${district.slug}/records/students/${id}/history`

  it('shows values only to those who may see them', async () => {
    const full = await readAnswer<{ items: { changes: unknown; fields: string[] }[] }>(
      await rig().send(token, 'GET', path(recordId(1))),
    )
    assert.ok(full.items.some(({ changes }) => JSON.stringify(changes) === '{"homeroom":{"old":"A","new":"B"}}'))
    const blind = await rig().makeToken({ rights: ['view'] })
    const names = await readAnswer<typeof full>(await rig().send(blind, 'GET', path(recordId(1))))
    assert.ok(names.items.every(({ changes }) => changes === null))
    assert.ok(names.items.some(({ fields }) => fields.includes('homeroom')))
    assert.equal((await rig().send(token, 'GET', path(recordId(99)))).status, 404)
  })
})

describe('undo of a run with what came after it, over HTTP', () => {
  const previewThrough = (runId: string) => rig().send(token, 'GET', `/api/runs/${runId}/undo/preview?through=true`)
  const show = (runId: string) => rig().send(token, 'GET', `/api/runs/${runId}/undo?through=true`)

  beforeAll(async () => {
    district = await rig().makeDistrict()
    connectionId = (await plantConnection(rig(), token, district)).id
    await plantStudents(rig(), district, [{ id: recordId(2), sisId: '2' }])
  })

  it('is what the refusal of the one run offers, with the runs that came after it', async () => {
    const [oldest, middle, newest] = [await plantApplied(), await plantApplied(), await plantApplied()]
    for (const answer of [await post(oldest.id), await preview(oldest.id)]) {
      const problem = await readAnswer<Problem>(answer, 409)
      assert.equal(problem.code, 'UNDO_REFUSED')
      assert.ok(problem.detail.includes(`\`rollbook undo ${oldest.id} --through\``), problem.detail)
      assert.deepEqual(problem.laterRuns, [
        { runId: newest.id, kind: 'import' },
        { runId: middle.id, kind: 'import' },
      ])
    }
  })

  it('is previewed as one, with each run by itself, the newest first', async () => {
    const [older, newer] = [await plantApplied(), await plantApplied()]
    const found = await readAnswer<UndoDocument>(await previewThrough(older.id))
    assert.deepEqual([found.runId, found.undoOf, found.state], [null, older.id, 'preview'])
    const runs = found.runs ?? []
    assert.deepEqual(
      runs.map(({ undoOf, state }) => [undoOf, state]),
      [
        [newer.id, 'preview'],
        [older.id, 'preview'],
      ],
    )
    for (const sum of ['reverted', 'madeInactive', 'skippedCount'] as const) {
      assert.equal(
        found[sum],
        runs.reduce((total, run) => total + run[sum], 0),
      )
    }
    assert.deepEqual([found.notUndone, found.stoppedReason, found.throughId], [[newer.id, older.id], null, null])
  })

  it('starts one workflow with the runs that were found, and who asked', async () => {
    const [older, newer] = [await plantApplied(), await plantApplied()]
    const answer = await post(older.id, { through: true, reason: 'wrong file' })
    const receipt = await readAnswer<UndoReceipt>(answer, 202)
    assert.deepEqual([receipt.throughId, receipt.runs], [rig().workflows.throughId, [newer.id, older.id]])
    assert.equal(receipt.message, '2 runs are being undone, the newest first.')
    const { askedAt, ...wish } = rig().workflows.undoThroughs.at(-1) ?? { askedAt: '' }
    assert.deepEqual(wish, {
      ...{ districtId: district.id, district: district.slug, dataType: 'students' },
      ...{ runId: older.id, runIds: [newer.id, older.id], by: 'tester', reason: 'wrong file' },
    })
    assert.ok(Math.abs(Date.parse(askedAt) - Date.now()) < 60_000)
  })

  it('shows what was done, what it stopped at and what is as it was', async () => {
    const [older, newer] = [await plantApplied(), await plantApplied()]
    assert.equal((await show(older.id)).status, 404)
    const id = randomUUID()
    const wish = { id, runId: older.id, runIds: [newer.id, older.id], by: 'tester', reason: '', askedAt: new Date() }
    const undo = await withDistrict(rig().db, district.id, async (trx) => {
      assert.equal((await openUndoThrough(trx, wish)).state, 'undoing')
      const opened = await openUndo(trx, { runId: newer.id, by: 'tester', reason: '', now: new Date() })
      return 'undo' in opened ? opened.undo.id : ''
    })
    const under = await readAnswer<UndoDocument>(await show(older.id))
    assert.deepEqual([under.state, under.runId, under.throughId], ['undoing', null, id])
    assert.deepEqual(
      under.runs?.map(({ runId, undoOf, state }) => [runId, undoOf, state]),
      [[undo, newer.id, 'undoing']],
    )
    assert.deepEqual(under.notUndone, [older.id])
    // Asked again while it is under way, it is about the same runs.
    const receipt = await readAnswer<UndoReceipt>(await post(older.id, { through: true }), 202)
    assert.deepEqual(receipt.runs, [newer.id, older.id])
    await withDistrict(rig().db, district.id, (trx) =>
      closeUndoThrough(trx, { id, now: new Date(), stoppedReason: 'run 7 could not be undone' }),
    )
    const stopped = await readAnswer<UndoDocument>(await show(older.id))
    assert.deepEqual([stopped.state, stopped.stoppedReason], ['stopped', 'Run 7 could not be undone.'])
    assert.deepEqual(stopped.notUndone, [older.id])
  })

  it('is refused before it is begun when one of the runs cannot be undone, and needs the right', async () => {
    const older = await plantApplied()
    const over = await plantApplied({ undoUntil: new Date(Date.now() - 1000) })
    const asked = rig().workflows.undoThroughs.length
    for (const answer of [await post(older.id, { through: true }), await previewThrough(older.id)]) {
      const { detail } = await readAnswer<Problem>(answer, 409)
      assert.match(detail, new RegExp(`^Run ${over.id} came after it and cannot be undone: its undo window ended at`))
    }
    const without = await rig().makeToken({ rights: ['view', 'run', 'approveHold', 'resolve'] })
    assert.equal((await post(older.id, { through: true }, without)).status, 403)
    assert.equal(rig().workflows.undoThroughs.length, asked)
  })
})
