import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { withDistrict } from '../../../db/database.ts'
import { findRun } from '../../../db/import/runs.ts'
import { findUndoThroughOf, lostReason } from '../../../db/undo/undo-through.ts'
import { deriveRunStart } from '../../../domain/derive-run-start.ts'
import { deriveRunWorkflowId } from '../../../domain/ids.ts'
import { hourMs } from '../../../domain/schedule/schedule-settings.ts'
import { lincolnCounty } from '../../districts/lincoln-county.ts'
import { getTestTemporal } from '../../harness/temporal.ts'
import { until } from '../../harness/until.ts'
import { dataType, useScheduleRig } from './schedule-rig.ts'
import type { TestFeed } from './test-feed.ts'

const rig = useScheduleRig()

/** As Temporal's pages show them. */
async function detailsOf(feed: { readonly district: string }, runId: string): Promise<string> {
  const workflowId = deriveRunWorkflowId(feed.district, dataType, runId)
  const { details } = await rig.client.workflow.getHandle(workflowId).query<{ details: string }>('status')
  return details
}

const stateOf = (feed: TestFeed, runId: string) =>
  withDistrict(rig.db, feed.districtId, async (trx) => (await findRun(trx, runId))?.state)

/** Starts the workflow of a planted run where no worker polls. */
async function startUnattended(feed: TestFeed, runId: string): Promise<string> {
  const { district, districtId } = feed
  const workflowId = deriveRunWorkflowId(district, dataType, runId)
  const run = { districtId, district, dataType, runId, workflowId, isTest: false, fetchesInput: true }
  const { args, typedSearchAttributes, ...start } = deriveRunStart(run)
  await rig.client.workflow.start('runImport', {
    ...start,
    taskQueue: `${(await getTestTemporal()).taskQueue}-unattended`,
    args: [...args],
    typedSearchAttributes: [...typedSearchAttributes],
  })
  return workflowId
}

describe('the watchdog', () => {
  it('starts a run again whose workflow Temporal does not have', async () => {
    const feed = await rig.makeFeed()
    feed.put('monday.zip', lincolnCounty(1))
    const runId = await feed.plantRun()
    await rig.withWorker(async () => {
      assert.ok((await rig.watch()).restarted >= 1)
      await until(async () => (await stateOf(feed, runId)) === 'completed')
    })
  })

  it('closes a run whose workflow somebody terminated, and says why', async () => {
    const feed = await rig.makeFeed()
    const runId = await feed.plantRun()
    const workflowId = await startUnattended(feed, runId)
    await rig.client.workflow.getHandle(workflowId).terminate('by hand')
    await rig.withWorker(() => rig.watch())
    const [run] = await feed.runs()
    assert.equal(run?.state, 'cancelled')
    assert.match(run.closedReason ?? '', /ended in Temporal \(terminated\)/)
    const told = async () => (await feed.events()).map(({ kind, runId: about }) => [kind, about])
    assert.deepEqual(await told(), [['runCancelled', runId]])
    await rig.withWorker(() => rig.watch())
    assert.equal((await told()).length, 1)
  })

  it('closes an undo of several runs whose workflow is gone, for later imports wait for it', async () => {
    const feed = await rig.makeFeed()
    const runId = await feed.plantRun()
    const inDistrict = <Result>(work: Parameters<typeof withDistrict<Result>>[2]) =>
      withDistrict(rig.db, feed.districtId, work)
    const wish = { id: randomUUID(), districtId: feed.districtId, runId, runIds: [runId], requestedBy: 'operator-7' }
    await inDistrict((trx) =>
      trx
        .insertInto('undoThroughs')
        .values({ ...wish, createdAt: new Date(Date.now() - hourMs) })
        .execute(),
    )
    await rig.withWorker(() => rig.watch())
    const found = await inDistrict((trx) => findUndoThroughOf(trx, runId))
    assert.deepEqual([found?.state, found?.stoppedReason], ['stopped', lostReason])
  })

  it('raises one alarm for a run whose step keeps failing, and clears it when it gets on', async () => {
    // The folder of the connection is there, and holds half a package: fetching it fails until it is whole.
    const feed = await rig.makeFeed()
    feed.put('today.zip', lincolnCounty(1).subarray(0, 300))
    rig.watchLimits = { youngRunMs: 0, failedAttempts: 1 }
    const runId = await feed.plantRun()
    await rig.withWorker(async () => {
      await rig.watch()
      await until(async () => {
        await rig.watch()
        return (await feed.alarms()).length > 0
      })
      await rig.watch()
      assert.deepEqual(await feed.alarms(), [{ kind: 'runRetrying', runId, isOpen: true }])
      const [event] = (await feed.events()).filter(({ kind }) => kind === 'runStuck')
      assert.equal(event?.facts['step'], 'fetchInput')
      assert.equal(event.facts['failureCode'], 'SOURCE_UNAVAILABLE')
      // Whoever looks at the run in Temporal's pages reads it there too, until it is over.
      await until(async () => /Does not get on/.test(await detailsOf(feed, runId)))
      assert.match(
        await detailsOf(feed, runId),
        /fetching the input from the source: failed .* is tried again\. .*not whole.*\[SOURCE_UNAVAILABLE\]; next try .*\n\nWhat to do: look at the source;/,
      )
      feed.put('today.zip', lincolnCounty(1), 1)
      await until(async () => (await stateOf(feed, runId)) === 'completed')
      await rig.watch()
      assert.doesNotMatch(await detailsOf(feed, runId), /get on/)
    })
    assert.deepEqual(await feed.alarms(), [{ kind: 'runRetrying', runId, isOpen: false }])
  })

  it.each([
    ['stageRun', 'lock table staged_students in access exclusive mode'],
    // In a workflow of its own, for which the run's waits; what is read can be read.
    ['applyPlan', 'lock table dataset_versions in share mode'],
  ])('raises an alarm in minutes when %s beats and does not get on, and clears it when it does', async (step, lock) => {
    const feed = await rig.makeFeed()
    feed.put('today.zip', lincolnCounty(1))
    rig.watchLimits = { youngRunMs: 0, stillMs: 1_000 }
    const runId = await feed.plantRun()
    await rig.asOwner(async (owner) => {
      await owner.query(`begin; ${lock}`)
      const waiting = `select from pg_locks where locktype = 'relation' and not granted
        and database = (select oid from pg_database where datname = current_database())`
      await rig.withWorker(async () => {
        // The watchdog starts the run. On a busy machine a step before takes longer than what counts as still here, too.
        await rig.watch()
        await until(async () => (await owner.query(waiting)).rowCount !== 0)
        await until(async () => {
          await rig.watch()
          return (await feed.alarms()).length > 0
        })
        assert.deepEqual(await feed.alarms(), [{ kind: 'runStalled', runId, isOpen: true }])
        const [event] = (await feed.events()).filter(({ kind }) => kind === 'runStuck')
        assert.equal(event?.facts['failureCode'], 'STANDS_STILL')
        assert.equal(event.facts['step'], step)
        await until(async () => /Does not get on.*\[STANDS_STILL\]/.test(await detailsOf(feed, runId)))
        await owner.query('rollback')
        await until(async () => (await stateOf(feed, runId)) === 'completed')
        await rig.watch()
      })
    })
    assert.deepEqual(await feed.alarms(), [{ kind: 'runStalled', runId, isOpen: false }])
  })

  it('raises an alarm for a run that has waited for a decision, or been at work, for too long', async () => {
    const feed = await rig.makeFeed()
    const heldFor = (days: number) => ({
      state: 'held' as const,
      createdAt: new Date(Date.now() - days * 24 * hourMs),
    })
    const fresh = await feed.plantRun(heldFor(2))
    const old = await feed.plantRun(heldFor(4))
    const stalled = await feed.plantRun({ state: 'planned', createdAt: new Date(Date.now() - 13 * hourMs) })
    for (const runId of [fresh, old, stalled]) await startUnattended(feed, runId)
    await rig.withWorker(() => rig.watch())
    const alarms = await feed.alarms()
    assert.deepEqual(
      alarms.map(({ kind, runId }) => [kind, runId]).sort(),
      [
        ['runHeldLong', old],
        ['runStalled', stalled],
      ].sort(),
    )
  })
})

describe('a feed', () => {
  const since = new Date('2026-11-01T00:00:00Z')
  afterEach(() => {
    rig.now = () => new Date()
  })
  const at = (hours: number) => () => new Date(since.getTime() + hours * hourMs)

  it('is late once when nothing has come for twice its interval, and not any more when something has', async () => {
    const feed = await rig.makeFeed({ schedule: { everyHours: 4 }, activeSince: since })
    await rig.withWorker(async () => {
      for (const [hours, alarms] of [
        [7.9, 0],
        [8.1, 1],
        [20, 1],
      ] as const) {
        rig.now = at(hours)
        await rig.watch()
        assert.equal((await feed.alarms()).length, alarms)
      }
      assert.deepEqual(await feed.events(), [
        { kind: 'feedLate', runId: null, facts: { lastSeenAt: null, expectedEveryMs: 4 * hourMs } },
      ])

      feed.put('monday.zip', lincolnCounty(1))
      const runId = await rig.startRun(feed)
      await until(async () => (await stateOf(feed, runId)) === 'completed')
      await rig.watch()
    })
    assert.deepEqual(await feed.alarms(), [{ kind: 'feedLate', runId: null, isOpen: false }])
    const kinds = (await feed.events()).map(({ kind }) => kind).filter((kind) => kind.startsWith('feed'))
    assert.deepEqual(kinds, ['feedLate', 'feedArrived'])
  })

  it('is late too when its runs find the same package again and again', async () => {
    const feed = await rig.makeFeed({ schedule: { everyHours: 4 }, activeSince: since })
    feed.put('monday.zip', lincolnCounty(1))
    await rig.withWorker(async () => {
      for (const hours of [4, 8, 12, 13]) {
        rig.now = at(hours)
        if (hours < 13) {
          const runId = await rig.startRun(feed)
          await until(async () => ['completed', 'unchanged'].includes((await stateOf(feed, runId)) ?? ''))
        }
        await rig.watch()
      }
    })
    assert.deepEqual(await feed.alarms(), [{ kind: 'feedLate', runId: null, isOpen: true }])
    const event = (await feed.events()).find(({ kind }) => kind === 'feedLate')
    assert.equal(event?.facts['lastSeenAt'], at(4)().toISOString())
  })

  it('owes nothing during a blackout, and has its time again behind it', async () => {
    const blackouts = [{ from: '2026-11-01', to: '2026-11-03' }]
    const feed = await rig.makeFeed({ schedule: { everyHours: 4 }, activeSince: since, imports: { blackouts } })
    await rig.withWorker(async () => {
      for (const [hours, alarms] of [
        [60, 0],
        [72 + 7.9, 0],
        [72 + 8.1, 1],
      ] as const) {
        rig.now = at(hours)
        await rig.watch()
        assert.equal((await feed.alarms()).length, alarms)
      }
    })
  })
})
