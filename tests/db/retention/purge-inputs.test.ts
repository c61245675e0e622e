import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { withDistrict } from '../../../db/database.ts'
import { createArchivedFile, openArchivedFile, renewFile } from '../../../db/import/inputs/archived-files.ts'
import { appendPart, completeParts, openPartsDraft } from '../../../db/import/inputs/input-parts.ts'
import { claimStep } from '../../../db/import/step-fence.ts'
import { purgeInputs } from '../../../db/retention/purge-inputs.ts'
import { purgeRunLogs } from '../../../db/retention/purge-run-logs.ts'
import { RollbookFailure } from '../../../domain/errors.ts'
import { useEmptyRig } from '../empty-rig.ts'
import { withUndo } from '../undo/undo-rig.ts'

const district = useEmptyRig()
beforeEach(async () => {
  await district.rig.owner.query('truncate archived_files, archived_file_chunks, input_parts, uploads')
})

const query = (sql: string, ...values: unknown[]) => district.rig.owner.query(sql, values)
const request = (inputDays = 30) => ({ districtId: district.rig.districtId, now: new Date(), inputDays })
const purge = async (inputDays = 30, afterBatch?: () => void) => {
  await purgeRunLogs(district.rig.db, { ...request(), logDays: 30 })
  return purgeInputs(district.rig.db, { ...request(inputDays), afterBatch })
}

/** An input that nobody asked for in so many days. */
async function archive(content: Buffer | string, days = 31): Promise<string> {
  const { db, districtId } = district.rig
  const { id } = await createArchivedFile(db, {
    districtId,
    name: 'a.zip',
    content: Readable.from([Buffer.from(content)]),
  })
  await query(`update archived_files set wanted_at = now() - make_interval(days => $2) where id = $1`, id, days)
  return id
}

/** An applied import of a new input, both so old. */
async function importOf(homeroom: string, days = 31): Promise<{ runId: string; fileId: string }> {
  const fileId = await archive(homeroom, days)
  const runId = await withUndo(district.rig).import([{ key: 'a', sisId: '1', homeroom }])
  await query(
    `update import_runs set input_file_id = $2, input_sha256 = $3, finished_at = now() - make_interval(days => $4),
       undo_until = now() - make_interval(days => $4) + interval '72 hours' where id = $1`,
    runId,
    fileId,
    homeroom,
    days,
  )
  return { runId, fileId }
}

async function isKept(fileId: string): Promise<boolean> {
  const { rows } = await query('select 1 from archived_file_chunks where file_id = $1', fileId)
  const file = await query('select 1 from archived_files where id = $1', fileId)
  assert.equal(rows.length > 0, file.rows.length > 0)
  return rows.length > 0
}

describe('an archived input', () => {
  it('goes when nobody asked for it in its days and another one was applied since', async () => {
    const old = await importOf('A', 60)
    const last = await importOf('B', 40)
    assert.deepEqual(await purge(), { inputs: 1 })
    assert.deepEqual([await isKept(old.fileId), await isKept(last.fileId)], [false, true])
    assert.deepEqual(await purge(), { inputs: 0 })
    const reading = openArchivedFile(district.rig.db, district.rig.districtId, old.fileId)
    await assert.rejects(reading, (error) => error instanceof RollbookFailure && error.code === 'INPUT_MISSING')
  })

  it('stays with the run before, when the last one applied was undone', async () => {
    const before = await importOf('A', 60)
    const undone = await importOf('B', 40)
    await query(`update import_runs set state = 'undone' where id = $1`, undone.runId)
    assert.deepEqual(await purge(), { inputs: 0 })
    assert.deepEqual([await isKept(before.fileId), await isKept(undone.fileId)], [true, true])
  })

  it('stays while it is what the records are in step with, whichever run read it', async () => {
    const { fileId } = await importOf('A', 60)
    await importOf('B', 40)
    await query(
      `update dataset_versions set last_applied_sha256 = (select sha256 from archived_files where id = $1)`,
      fileId,
    )
    assert.deepEqual(await purge(), { inputs: 0 })
  })

  for (const [reason, change] of [
    ['is held', `update import_runs set state = 'held' where id = $1`],
    ['can still be undone', `update import_runs set undo_until = now() + interval '1 hour' where id = $1`],
    ['has its log', `update import_runs set finished_at = now() - interval '29 days' where id = $1`],
  ] as const) {
    it(`stays while a run of it ${reason}`, async () => {
      const { runId, fileId } = await importOf('A', 60)
      await importOf('B', 40)
      await query(change, runId)
      await purge()
      assert.equal(await isKept(fileId), true)
    })
  }

  it('stays longer than logs where that is set', async () => {
    const { fileId, runId } = await importOf('A', 60)
    await importOf('B', 40)
    assert.deepEqual(await purge(61), { inputs: 0 })
    assert.equal((await withUndo(district.rig).readRun(runId)).logKeptDays, 30)
    assert.equal(await isKept(fileId), true)
  })

  it('stays when it came again, or was taken for another run', async () => {
    const again = await archive('again')
    const taken = await archive('taken')
    const { db, districtId } = district.rig
    const { id } = await createArchivedFile(db, {
      districtId,
      name: 'b.zip',
      content: Readable.from([Buffer.from('again')]),
    })
    assert.equal(id, again)
    assert.equal(await withDistrict(db, districtId, (trx) => renewFile(trx, taken)), true)
    assert.deepEqual(await purge(), { inputs: 0 })
  })

  it('that comes again while it is being removed is kept anew', async () => {
    const first = await archive('again')
    const { db, districtId } = district.rig
    let begin: () => void = () => undefined
    const begun = new Promise<void>((resolve) => (begin = resolve))
    let uploading: Promise<{ id: string }> | undefined
    // The purge has closed the file, and the row is locked until its transaction ends.
    const closing = withDistrict(db, districtId, async (trx) => {
      await trx.updateTable('archivedFiles').set({ isComplete: false }).where('id', '=', first).execute()
      uploading = createArchivedFile(db, { districtId, name: 'b.zip', content: Readable.from([Buffer.from('again')]) })
      begin()
      await query('select pg_sleep(0.3)')
    })
    await begun
    await closing
    const kept = await uploading
    assert.notEqual(kept?.id, first)
    assert.deepEqual(await purge(), { inputs: 1 })
    assert.equal(await isKept(kept?.id ?? ''), true)
  })

  it('goes piece by piece, and one that was broken off is finished the next time', async () => {
    const fileId = await archive(randomBytes(70 * 1024 * 1024))
    const die = () => {
      throw new Error('killed')
    }
    await assert.rejects(purge(30, die), /killed/)
    const { rows } = await query('select 1 from archived_file_chunks where file_id = $1', fileId)
    assert.equal(rows.length, 70 - 32)
    assert.deepEqual(await purge(), { inputs: 1 })
    assert.equal(await isKept(fileId), false)
  })

  it('that came in pages goes with them, and one that was broken off among them', async () => {
    const { db, districtId } = district.rig
    const request = { districtId, name: 'pages' }
    const fetching = async (runId: string) => {
      const { draft, kept } = await withDistrict(db, districtId, async (trx) =>
        openPartsDraft(trx, { ...request, runId, fence: await claimStep(trx, runId) }),
      )
      const content = Readable.from([Buffer.from(`page of ${runId}`)])
      const part = { collection: 'people', name: 'people-1.json', next: null, facts: {}, content }
      await appendPart(db, draft, kept.at(-1), part)
      return draft
    }
    const first = await withUndo(district.rig).import([{ key: 'a', sisId: '1', homeroom: 'A' }])
    const second = await withUndo(district.rig).import([{ key: 'a', sisId: '1', homeroom: 'B' }])
    await query(`update import_runs set state = 'queued'`)
    const broken = await fetching(first)
    const draft = await fetching(second)
    const { id } = await withDistrict(db, districtId, (trx) => completeParts(trx, draft))
    await query(`update import_runs set state = 'completed', input_file_id = $1 where id = $2`, id, second)
    await query(`update archived_files set wanted_at = now() - interval '31 days'`)
    assert.deepEqual(await purge(), { inputs: 1 })
    assert.deepEqual([await isKept(broken.fileId), await isKept(id)], [false, true])
    await importOf('C', 40)
    await query(`update import_runs set finished_at = now() - interval '31 days', undo_until = null`)
    assert.deepEqual(await purge(), { inputs: 1 })
    assert.equal(await isKept(id), false)
    assert.deepEqual((await query('select 1 from input_parts')).rows, [])
  })

  it('whose upload never came to its end goes too', async () => {
    const { districtId } = district.rig
    await query(
      `insert into archived_files (district_id, name, wanted_at) values ($1, 'half.zip', now() - interval '31 days'),
         ($1, 'coming.zip', now())`,
      districtId,
    )
    assert.deepEqual(await purge(), { inputs: 1 })
    const { rows } = await query('select name from archived_files')
    assert.deepEqual(rows, [{ name: 'coming.zip' }])
  })
})
