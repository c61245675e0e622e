import assert from 'node:assert/strict'
import { withDistrict } from '../../../db/database.ts'
import { lincolnCounty } from '../../districts/lincoln-county.ts'
import { until } from '../../harness/until.ts'
import { useScheduleRig } from '../schedule/schedule-rig.ts'
import type { TestFeed } from '../schedule/test-feed.ts'

const rig = useScheduleRig()
const days = 24 * 60 * 60 * 1000
const nothing = { runs: 0, rows: 0, inputs: 0, cases: 0, scheduleLines: 0 }

async function importDay(feed: TestFeed, day: 1 | 2): Promise<void> {
  feed.put(`day-${day}.zip`, lincolnCounty(day), day)
  const runId = await rig.startRun(feed)
  await until(async () => (await feed.runs()).some(({ id, state }) => id === runId && state === 'completed'))
}

async function countKept(feed: TestFeed): Promise<{ staged: number; inputs: number }> {
  return await withDistrict(rig.db, feed.districtId, async (trx) => ({
    staged: (await trx.selectFrom('stagedStudents').select('runId').execute()).length,
    inputs: (await trx.selectFrom('archivedFiles').select('id').execute()).length,
  }))
}

describe('old logs', () => {
  it('are removed of the named district, with its inputs but the last one, and of no other', async () => {
    const feed = await rig.makeFeed()
    const other = await rig.makeFeed()
    await rig.withWorker(async () => {
      await importDay(feed, 1)
      await importDay(feed, 2)
      await importDay(other, 1)
      const untouched = await countKept(other)
      assert.equal((await countKept(feed)).inputs, 2)
      assert.deepEqual((await rig.purge(feed)).report, nothing)

      rig.now = () => new Date(Date.now() + 40 * days)
      const { report } = await rig.purge(feed)
      assert.deepEqual([report.runs, report.inputs], [2, 1])
      assert.deepEqual(await countKept(feed), { staged: 0, inputs: 1 })
      assert.deepEqual(await countKept(other), untouched)
      assert.deepEqual((await rig.purge(feed)).report, nothing)
    })
  })
})
