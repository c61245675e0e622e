import assert from 'node:assert/strict'
import { findTemporalCli } from '../../../stack/temporal/temporal-cli.ts'
import { startTestTemporal, type TestTemporalServer } from '../../harness/temporal-server.ts'
import { until } from '../../harness/until.ts'
import { ScheduleRig } from './schedule-rig.ts'

// A server of its own: the other tests need theirs while this one is down.
const rig = new ScheduleRig()
let temporal: TestTemporalServer
beforeAll(async () => {
  temporal = await startTestTemporal(await findTemporalCli())
  await rig.open(temporal.address)
})
afterAll(async () => {
  await rig.close()
  await temporal.stop()
})

const everyMs = 2_000
/** The shortest that Temporal takes. */
const catchUpMs = 10_000

describe('a schedule that was due while everything was down', () => {
  it('says how many starts were missed because they were too old to be made up for, and goes on', async () => {
    const feed = await rig.makeFeed()
    await rig.withWorker(async () => {
      await feed.keep({ everyMs, catchUpMs })
      await until(async () => (await feed.firings()).length >= 1)
    })
    let backAt = 0
    await temporal.beDown(async () => {
      const downAt = Date.now()
      await until(() => Date.now() - downAt > catchUpMs + 5 * everyMs)
      backAt = Date.now()
    })
    const missed = async () => (await feed.firings()).filter(({ outcome }) => outcome === 'missed')
    await rig.withWorker(async () => {
      await until(async () => (await missed()).length > 0)
      await until(async () => (await feed.firings()).some(({ dueAt }) => Date.parse(dueAt ?? '') > backAt))
    })
    const lines = await missed()
    assert.ok(lines.reduce((sum, { count }) => sum + count, 0) >= 2)
    for (const { dueAt, runId } of lines) assert.deepEqual([dueAt, runId], [null, null])
    const leftOut = (await feed.firings()).filter(
      ({ outcome }) => outcome === 'missed' || outcome === 'temporalOverlap',
    )
    const told = (await feed.events()).filter(({ kind }) => kind === 'runSkipped')
    assert.deepEqual(
      told.map(({ facts }) => facts['skipped']),
      leftOut.map(({ count }) => count),
    )
  })
})
