import assert from 'node:assert/strict'
import { withDistrict } from '../../../../db/database.ts'
import { closeUndo } from '../../../../db/undo/close-undo.ts'
import { openUndo } from '../../../../db/undo/open-undo.ts'
import { undoRun } from '../../../../db/undo/undo-run.ts'
import { students } from '../../../../domain/data-types/students.ts'
import { useFeedRig } from '../../stage/feed-rig.ts'
import { changeSchoolsOf } from './school-changes.ts'

const feed = useFeedRig()

async function undo(runId: string): Promise<void> {
  const { db, districtId } = feed.rig
  const [now, undoUntil] = [new Date('2026-11-22T11:00:00Z'), new Date('2026-11-25T11:00:00Z')]
  const wish = { runId, by: 'operator-7', reason: 'a test', now }
  const opened = await withDistrict(db, districtId, (trx) => openUndo(trx, wish))
  assert.ok('undo' in opened)
  await undoRun(db, { districtId, runId: opened.undo.id, dataType: students })
  await withDistrict(db, districtId, (trx) =>
    closeUndo(trx, { runId: opened.undo.id, end: { kind: 'done' }, now, undoUntil }),
  )
}

describe('a run that is taken back after one of its schools was unmatched', () => {
  it('is taken back at every school, and the next one leaves those alone that are not matched', async () => {
    const people = (grade: string) => ['p0', 'p1'].map((id, at) => ({ id, orgs: at === 0 ? 'S1' : 'S2', grade }))
    await feed.night('2026-11-20', { pupils: people('05') })
    const { run } = await feed.night('2026-11-21', { pupils: people('06') })
    await changeSchoolsOf(feed.rig, [{ action: 'unmatch', sourceKey: 'S2' }])
    await undo(run.id)
    assert.deepEqual(await feed.read('gradeLevel'), { p0: '05', p1: '05' })
    const { run: next } = await feed.night('2026-11-22', { pupils: people('06'), comment: 'again' })
    assert.deepEqual([next.counts.updated, next.counts.skipped, next.counts.deactivated], [1, 1, 0])
    assert.deepEqual(await feed.read('gradeLevel'), { p0: '06', p1: '05' })
  })
})
