import assert from 'node:assert/strict'
import { withDistrict } from '../../../db/database.ts'
import { pauseSchedule } from '../../../db/schedule/schedules.ts'
import { findFreePort } from '../../../stack/processes/free-port.ts'
import { lincolnCounty } from '../../districts/lincoln-county.ts'
import { sftpUser, startTestSftp } from '../../harness/sftp-server.ts'
import { until } from '../../harness/until.ts'
import { dataType, useScheduleRig } from './schedule-rig.ts'
import type { TestFeed } from './test-feed.ts'

const rig = useScheduleRig()
/** Short, so that a test sees several. */
const everyMs = 2_000

async function untilRuns(feed: TestFeed, count: number): Promise<void> {
  await until(async () => (await feed.runs()).filter(({ finishedAt }) => finishedAt !== null).length >= count)
}

/** Without the starts that Temporal left out by itself, as it does where the machine is too busy for so many. */
async function decided(feed: TestFeed) {
  return (await feed.firings()).filter(({ dueAt }) => dueAt !== null)
}

describe('a schedule', () => {
  it('imports what lies in the folder, finds it unchanged afterwards, and takes the next package', async () => {
    const feed = await rig.makeFeed()
    feed.put('monday.zip', lincolnCounty(1), 1)
    await rig.withWorker(async () => {
      await feed.keep({ everyMs })
      await untilRuns(feed, 2)
      feed.put('tuesday.zip', lincolnCounty(2), 2)
      await until(async () => (await feed.runs()).filter(({ state }) => state.startsWith('completed')).length === 2)
    })
    const runs = await feed.runs()
    assert.deepEqual([runs[0]?.state, runs[0]?.requestedBy], ['completed', 'schedule'])
    assert.equal(runs[1]?.state, 'unchanged')
    assert.equal(runs[1].inputSha256, runs[0]?.inputSha256)
    const firings = await feed.firings()
    for (const run of runs) assert.ok(firings.some(({ outcome, runId }) => outcome === 'started' && runId === run.id))
  })

  it('skips its start while a run is at work, and says so', async () => {
    const feed = await rig.makeFeed()
    feed.put('monday.zip', lincolnCounty(1))
    const atWork = await feed.plantRun({ state: 'applying' })
    await rig.withWorker(async () => {
      await feed.keep({ everyMs })
      await until(async () => (await decided(feed)).length >= 2)
    })
    for (const { outcome, runId } of await decided(feed)) assert.deepEqual([outcome, runId], ['overlap', atWork])
    const told = (await feed.events()).find(({ runId }) => runId !== null)
    assert.deepEqual(told, { kind: 'runSkipped', runId: atWork, facts: {} })
    assert.equal((await feed.runs()).length, 1)
  })

  it('says afterwards how many starts Temporal left out while no worker was there', async () => {
    const feed = await rig.makeFeed()
    await feed.keep({ everyMs })
    const { scheduleId } = { scheduleId: `schedule/${feed.district}/${dataType}/${feed.connectionId}` }
    const countSkipped = async () =>
      (await rig.client.schedule.getHandle(scheduleId).describe()).info.numActionsSkippedOverlap
    await until(async () => (await countSkipped()) >= 2)
    await rig.withWorker(() => until(async () => (await feed.firings()).length >= 2))
    const leftOut = (await feed.firings()).find(({ outcome }) => outcome === 'temporalOverlap')
    assert.equal(leftOut?.dueAt, null)
    assert.ok(leftOut.count >= 2)
    assert.ok(
      (await feed.events()).some(({ kind, facts }) => kind === 'runSkipped' && facts['skipped'] === leftOut.count),
    )
  })

  it('starts nothing while it is paused, and goes on when it is resumed', async () => {
    const feed = await rig.makeFeed()
    const key = { connectionId: feed.connectionId, dataType }
    const inDistrict = <Result>(fn: Parameters<typeof withDistrict<Result>>[2]) =>
      withDistrict(rig.db, feed.districtId, fn)
    await inDistrict((trx) => pauseSchedule(trx, key, { isPaused: true, by: 'test' }))
    feed.put('monday.zip', lincolnCounty(1))
    await rig.withWorker(async () => {
      // Temporal has not heard of it yet: the row counts.
      await feed.keep({ everyMs })
      await until(async () => (await feed.firings()).length >= 1)
      assert.deepEqual([...new Set((await feed.firings()).map(({ outcome }) => outcome))], ['paused'])
      await feed.keep({ everyMs, isPaused: true })
      const { state } = await rig.client.schedule
        .getHandle(`schedule/${feed.district}/${dataType}/${feed.connectionId}`)
        .describe()
      assert.equal(state.paused, true)
      await inDistrict((trx) => pauseSchedule(trx, key, { isPaused: false, now: new Date() }))
      await feed.keep({ everyMs })
      await untilRuns(feed, 1)
    })
  })

  it('starts nothing on the days of a blackout', async () => {
    const feed = await rig.makeFeed({ imports: { blackouts: [{ from: '2026-08-01', to: '2026-08-02' }] } })
    await rig.withWorker(async () => {
      await feed.keep({ isPaused: true })
      await feed.backfill('2026-08-02T00:00:00Z', '2026-08-03T23:59:00Z')
      await until(async () => (await feed.firings()).length >= 12)
    })
    const firings = await feed.firings()
    for (const { dueAt, outcome } of firings) {
      assert.equal(outcome, dueAt?.startsWith('2026-08-02') === true ? 'blackout' : 'noPackage')
    }
    assert.equal(firings.filter(({ outcome }) => outcome === 'blackout').length, 6)
  })

  it('asks a source that does not answer several times, leaves the start out then, and tells of the source once', async () => {
    const port = await findFreePort()
    const source = { kind: 'sftp', host: '127.0.0.1', port, ...sftpUser, hostKeys: [`SHA256:${'A'.repeat(43)}`] }
    const feed = await rig.makeFeed({ source })
    rig.sourceTries = 2
    await rig.withWorker(async () => {
      await feed.keep({ isPaused: true })
      await feed.backfill('2026-08-02T00:00:00Z', '2026-08-02T07:59:00Z')
      await until(async () => (await feed.firings()).length >= 2)
    })
    rig.sourceTries = undefined
    for (const { outcome, runId } of await feed.firings()) assert.deepEqual([outcome, runId], ['unreachable', null])
    assert.deepEqual(await feed.runs(), [])
    const [event, ...more] = await feed.events()
    assert.deepEqual([event?.kind, event?.facts], ['connectionFailed', { failureCode: 'SOURCE_UNAVAILABLE' }])
    assert.deepEqual(more, [])
  })

  for (const [timeZone, at, day, due] of [
    ['America/New_York', '02:30', '2026-03-08', '2026-03-08T07:30:00.000Z'],
    ['America/New_York', '02:30', '2026-11-01', '2026-11-01T07:30:00.000Z'],
    ['America/New_York', '01:30', '2026-11-01', '2026-11-01T05:30:00.000Z'],
    ['Europe/Berlin', '02:30', '2026-03-29', '2026-03-29T01:30:00.000Z'],
    ['Europe/Berlin', '02:30', '2026-10-25', '2026-10-25T00:30:00.000Z'],
  ] as const) {
    it(`fires once on ${day} at ${at} in ${timeZone}, whatever Temporal asks`, async () => {
      const feed = await rig.makeFeed({ schedule: { everyHours: 24, at, spreadMinutes: 30 }, timeZone })
      await rig.withWorker(async () => {
        await feed.keep({ isPaused: true })
        // The day with half a day on either side: three starts, one on each of the days.
        const [before, after] = [-24, 48].map((hours) => new Date(Date.parse(`${day}T04:00:00Z`) + hours * 3_600_000))
        await feed.backfill(before?.toISOString() ?? '', after?.toISOString() ?? '')
        await until(async () => (await feed.firings()).length >= 3)
        const running = `WorkflowType = 'fireSchedule' AND ExecutionStatus = 'Running' AND RollbookDistrict = '${feed.district}'`
        await until(async () => (await rig.client.workflow.count(running)).count === 0)
      })
      const dues = (await feed.firings()).map(({ dueAt }) => dueAt)
      assert.equal(dues.length, 3)
      assert.equal(dues.filter((one) => one === due).length, 1)
    })
  }
})

describe('a run of a connection with an SFTP drop', () => {
  it('fetches the package, waits out an upload, and names what was refused', async () => {
    const feed = await rig.makeFeed()
    const server = await startTestSftp(feed.folder)
    const source = { kind: 'sftp', host: '127.0.0.1', port: server.port, ...sftpUser, hostKeys: [server.hostKey] }
    const patience = { settleSeconds: 1, patienceMinutes: 1 }
    const sftpFeed = await rig.makeFeed({ source: { ...source, ...patience } })
    const wrongKey = await rig.makeFeed({ source: { ...source, hostKeys: [`SHA256:${'A'.repeat(43)}`] } })
    const content = lincolnCounty(1)
    feed.put('today.zip', content.subarray(0, 300))
    await rig.withWorker(async () => {
      await sftpFeed.keep({ everyMs })
      await wrongKey.keep({ everyMs })
      await until(async () => (await sftpFeed.runs()).length >= 1)
      feed.put('today.zip', content, 1)
      await untilRuns(sftpFeed, 1)
      await until(async () => (await decided(wrongKey)).length >= 2)
    })
    const [run] = await sftpFeed.runs()
    assert.equal(run?.state, 'completed')
    assert.equal(run.inputBytes, content.length)
    for (const { outcome } of await decided(wrongKey)) assert.equal(outcome, 'refused')
    const failures = (await wrongKey.events()).filter(({ kind }) => kind === 'connectionFailed')
    assert.deepEqual(
      failures.map(({ facts }) => facts),
      [{ failureCode: 'SOURCE_REFUSED' }],
    )
  })
})
