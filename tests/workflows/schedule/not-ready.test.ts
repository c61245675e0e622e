import assert from 'node:assert/strict'
import { hourMs } from '../../../domain/schedule/schedule-settings.ts'
import { makeWholeRoster } from '../../districts/whole-roster.ts'
import { makeZip } from '../../fixtures/zip-maker.ts'
import { until } from '../../harness/until.ts'
import { useScheduleRig } from './schedule-rig.ts'
import type { TestFeed } from './test-feed.ts'

const rig = useScheduleRig()
const everyMs = 2_000

const outcomesOf = async (feed: TestFeed) =>
  (await feed.firings()).filter(({ dueAt }) => dueAt !== null).map(({ outcome }) => outcome)
const isCompleted = async (feed: TestFeed, runId: string) =>
  (await feed.runs()).some(({ id, state }) => id === runId && state.startsWith('completed'))

describe('a schedule of a data type whose prerequisite was never imported', () => {
  it('waits and says for what, is no trouble, and comes by itself when it is ready', async () => {
    const feed = await rig.makeFeed({ dataType: 'guardians' })
    feed.put('monday.zip', makeZip(makeWholeRoster('1.1').members()))
    await rig.withWorker(async () => {
      await feed.keep({ everyMs })
      await until(async () => (await outcomesOf(feed)).length >= 2)
      for (const { dueAt, outcome, runId, waitsFor } of await feed.firings()) {
        if (dueAt !== null) assert.deepEqual([outcome, runId, waitsFor], ['notReady', null, ['students']])
      }
      assert.deepEqual(await feed.runs(), [])
      assert.deepEqual(
        (await feed.events()).filter(({ facts }) => facts['skipped'] === undefined),
        [],
      )

      const students = await rig.startRun(feed, undefined, 'students')
      await until(() => isCompleted(feed, students))
      await until(async () => (await outcomesOf(feed)).includes('started'))
      await until(async () =>
        (await feed.runs()).some(({ dataType, state }) => dataType === 'guardians' && state !== 'queued'),
      )
    })
    const started = (await feed.firings()).find(({ outcome }) => outcome === 'started')
    assert.deepEqual(started?.waitsFor, [])
    const run = (await feed.runs()).find(({ id }) => id === started.runId)
    assert.deepEqual([run?.dataType, run?.requestedBy], ['guardians', 'schedule'])
  })

  it('is late as any other when nobody imports it, and the alarm and the event say what it waits for', async () => {
    const feed = await rig.makeFeed({ dataType: 'enrollments', activeSince: new Date(Date.now() - 9 * hourMs) })
    await rig.withWorker(() => rig.watch())
    assert.deepEqual(await feed.alarms(), [{ kind: 'feedLate', runId: null, isOpen: true }])
    const [event] = await feed.events()
    assert.equal(event?.kind, 'feedLate')
    assert.deepEqual(event.facts['waitsFor'], ['classes', 'students', 'staff'])
  })
})
