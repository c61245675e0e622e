import assert from 'node:assert/strict'
import { UndoDocument } from '../../api/contract/undo.ts'
import { startTestStack } from '../harness/stack.ts'
import { until } from '../harness/until.ts'
import { listRows } from './comparable-tables.ts'
import { DistrictOnStack, packageOf } from './district-on-stack.ts'
import { killProcess } from './kills/stack-killer.ts'

const stackStarted = startTestStack()
const county = { seed: 77, students: 400 }
const changed = {
  ...county,
  changedEvery: 4,
  isLeftOut: (_: unknown, number: number) => number % 50 === 0,
}

/** Every value of every record, without what says how it came there. */
async function readValues(district: DistrictOnStack): Promise<string[]> {
  const rows = await district.query<{ row: string }>(
    `select (to_jsonb(s) - array['revision', 'updated_at', 'primary_digest', 'supplement_digest', 'edited_xid',
       'updated_run_id', 'connection_id', 'mapping_fingerprint'])::text as row from students s order by sis_id`,
  )
  return rows.map(({ row }) => row)
}

async function undo(district: DistrictOnStack, ...args: string[]) {
  const { exitCode, stdout, stderr } = await district.command('undo', ...args, '--json')
  // A command that fails prints its problem.
  const document: unknown = JSON.parse(stdout)
  const isProblem = typeof document === 'object' && document !== null && 'error' in document
  return { exitCode, stderr, undo: isProblem ? undefined : UndoDocument.parse(document) }
}

describe('an import that was wrong', () => {
  let district: DistrictOnStack
  let before400: string[]
  let after: string[]
  let runId: string
  let undoId: string

  beforeAll(async () => {
    district = await DistrictOnStack.create(await stackStarted, 'lincoln')
    await district.import(await packageOf(county))
    before400 = await readValues(district)
    const { run } = await district.import(await packageOf(changed))
    runId = run.runId
    assert.equal(run.state, 'completed')
    assert.ok(run.undoUntil !== null)
    after = await readValues(district)
    assert.notDeepEqual(after, before400)
  })

  it('can be looked at before it is undone', async () => {
    const found = await undo(district, runId, '--preview')
    assert.equal(found.exitCode, 0, found.stderr)
    const { reverted = 0, ...rest } = found.undo ?? {}
    assert.ok(reverted > 80)
    assert.deepEqual(rest, {
      ...{ runId: null, undoOf: runId, kind: 'import', state: 'preview', madeInactive: 0 },
      ...{ skipped: [], skippedCount: 0 },
    })
    assert.deepEqual(await readValues(district), after)
  })

  it('is undone, and every record is as it was', async () => {
    const done = await undo(district, runId, '--reason', 'wrong file')
    assert.equal(done.exitCode, 0, done.stderr)
    assert.equal(done.undo?.state, 'undone')
    undoId = done.undo.runId ?? ''
    assert.deepEqual(await readValues(district), before400)
    assert.equal((await district.getRun(runId)).state, 'undone')
    const run = await district.getRun(undoId)
    assert.equal(run.undoOf, runId)
    assert.equal(run.statusText, 'Undo Completed')
    assert.ok((await listRows(district, 'decisions')).some((row) => row.startsWith('(requestUndo,')))
  })

  it('is not undone twice, and the answer says by whom it was', async () => {
    const again = await undo(district, runId)
    assert.equal(again.exitCode, 3)
    assert.match(again.stderr, new RegExp(`undone already, by run ${undoId}`))
    const preview = await undo(district, runId, '--preview')
    assert.equal(preview.exitCode, 3)
  })

  it('comes back when the undo is undone, and goes when that is', async () => {
    const back = await undo(district, undoId)
    assert.equal(back.undo?.state, 'undone', back.stderr)
    assert.deepEqual(await readValues(district), after)
    const gone = await undo(district, back.undo.runId ?? '')
    assert.deepEqual(await readValues(district), before400)
    assert.equal(gone.exitCode, 0)
  })

  it('can be imported again, with the same result as the first time', async () => {
    const { run } = await district.import(await packageOf({ ...changed, comment: 'again' }))
    assert.equal(run.state, 'completed')
    assert.deepEqual(await readValues(district), after)
  })

  it('and a first import, of which everybody becomes inactive', async () => {
    const other = await DistrictOnStack.create(await stackStarted, 'franklin')
    const { run } = await other.import(await packageOf(county))
    const { undo: undone } = await undo(other, run.runId)
    assert.deepEqual([undone?.madeInactive, undone?.reverted], [county.students, 0])
    assert.equal((await other.records()).size, 0)
    const again = await other.import(await packageOf(county))
    assert.equal(again.run.counts.reactivated, county.students)
    assert.equal((await other.records()).size, county.students)
  })
})

describe('two imports that were wrong, and what came after them', () => {
  let district: DistrictOnStack
  let before: string[]
  let after: string[]
  let older: string
  let newer: string
  let undoIds: string[]
  const wrong = { ...county, students: 4000 }

  beforeAll(async () => {
    district = await DistrictOnStack.create(await stackStarted, 'madison')
    await district.import(await packageOf(wrong))
    before = await readValues(district)
    older = (await district.import(await packageOf({ ...wrong, changedEvery: 2 }), '--approve-hold')).run.runId
    newer = (await district.import(await packageOf({ ...wrong, changedEvery: 3 }), '--approve-hold')).run.runId
    after = await readValues(district)
  })

  it('are told when the older one is to be undone, and that both can be', async () => {
    const { exitCode, stdout, stderr } = await district.command('undo', older, '--json')
    assert.equal(exitCode, 3)
    assert.ok(stderr.includes(`\`rollbook undo ${older} --through\``), stderr)
    const { error } = JSON.parse(stdout) as { error: { code: string; laterRuns: unknown } } // a refusal, as above
    assert.deepEqual([error.code, error.laterRuns], ['UNDO_REFUSED', [{ runId: newer, kind: 'import' }]])
  })

  it('are taken back as the preview said, the newer one first, although the worker is killed', async () => {
    const preview = await undo(district, older, '--through', '--preview')
    assert.equal(preview.exitCode, 0, preview.stderr)
    assert.deepEqual(await readValues(district), after)
    const undoing = undo(district, older, '--through', '--reason', 'wrong files')
    const isBegun = `select 1 from import_runs where undo_of = $1`
    await until(async () => (await district.query(isBegun, [newer])).length > 0)
    await killProcess(await stackStarted, 'worker')
    const done = await undoing
    assert.equal(done.exitCode, 0, done.stderr)
    assert.equal(done.undo?.state, 'undone')
    assert.deepEqual(await readValues(district), before)
    const { runs = [] } = done.undo
    assert.deepEqual(
      runs.map(({ undoOf, state, reverted }) => [undoOf, state, reverted]),
      preview.undo?.runs?.map(({ undoOf, reverted }) => [undoOf, 'undone', reverted]),
    )
    assert.deepEqual(
      runs.map(({ undoOf }) => undoOf),
      [newer, older],
    )
    assert.equal(done.undo.reverted, runs[0] && runs[1] && runs[0].reverted + runs[1].reverted)
    undoIds = runs.map(({ runId }) => runId ?? '')
    for (const id of [older, newer]) assert.equal((await district.getRun(id)).state, 'undone')
    const asked = await district.query<{ subject: unknown }>(
      `select subject from audit_log where action like 'requestUndo%' and subject ->> 'runId' = any ($1)`,
      [[older, newer]],
    )
    assert.deepEqual(asked, [{ subject: { runId: older, runIds: [newer, older], reason: 'wrong files' } }])
  })

  it('come back the same way, the undo of the older one first', async () => {
    const back = await undo(district, undoIds[0] ?? '', '--through')
    assert.equal(back.exitCode, 0, back.stderr)
    assert.deepEqual(
      back.undo?.runs?.map(({ undoOf, kind }) => [undoOf, kind]),
      undoIds.toReversed().map((id) => [id, 'undo']),
    )
    assert.deepEqual(await readValues(district), after)
  })
})

describe('an undo whose worker and whose database are killed', () => {
  it('ends as if nothing had happened', async () => {
    const stack = await stackStarted
    const district = await DistrictOnStack.create(stack, 'killed')
    const large = { seed: 78, students: 20_000 }
    await district.import(await packageOf(large))
    const held = await readValues(district)
    const { run } = await district.import(await packageOf({ ...large, changedEvery: 2 }), '--approve-hold')
    const undoing = undo(district, run.runId)
    const isBegun = `select 1 from import_runs where undo_of = $1 and state = 'applying'`
    await until(async () => (await district.query(isBegun, [run.runId])).length > 0)
    await killProcess(stack, 'worker')
    await killProcess(stack, 'postgres')
    const { exitCode, stderr, undo: done } = await undoing
    assert.equal(exitCode, 0, stderr)
    assert.deepEqual([done?.state, done?.reverted, done?.skippedCount], ['undone', large.students / 2, 0])
    assert.deepEqual(await readValues(district), held)
    const journal = await district.query('select 1 from journal where run_id = $1', [done?.runId])
    assert.equal(journal.length, large.students / 2)
  })
})

describe('a run after its undo window', () => {
  it('has no before-images any more and says so', async () => {
    const stack = await startTestStack({ ROLLBOOK_UNDO_WINDOW_MS: '1500' })
    const district = await DistrictOnStack.create(stack, 'short')
    await district.import(await packageOf(county))
    const { run } = await district.import(await packageOf(changed))
    for (;;) {
      const rows = await district.query<{ purged: boolean }>(
        `select journal_purged_at is not null and not exists (select from journal where run_id = import_runs.id) as purged
         from import_runs where id = $1`,
        [run.runId],
      )
      if (rows[0]?.purged === true) break
    }
    const late = await undo(district, run.runId)
    assert.equal(late.exitCode, 3)
    assert.match(late.stderr, /its undo window ended at .* and what undo needs is gone\. \[UNDO_REFUSED\]/i)
  })
})
