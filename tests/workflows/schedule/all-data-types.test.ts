import assert from 'node:assert/strict'
import { withDistrict } from '../../../db/database.ts'
import { updateConfigurationSettings } from '../../../db/connect/configurations.ts'
import { finishImportSet } from '../../../db/import/import-sets.ts'
import { allDataTypes, dataTypes } from '../../../domain/data-types/registry.ts'
import { hourMs } from '../../../domain/schedule/schedule-settings.ts'
import { makeWholeRoster } from '../../districts/whole-roster.ts'
import { inventPages, PagedSource } from '../../fixtures/paged-connector.ts'
import { makeZip } from '../../fixtures/zip-maker.ts'
import { until } from '../../harness/until.ts'
import { useScheduleRig } from './schedule-rig.ts'
import type { TestFeed, TestSet } from './test-feed.ts'

const rig = useScheduleRig()
const roster = makeZip(makeWholeRoster('1.1').members())
const needsCatalog = /it needs courseCatalog/

const startedBy = async (feed: TestFeed) => (await feed.firings()).filter(({ outcome }) => outcome === 'started')
const isOver = ({ finishedAt }: TestSet) => finishedAt !== null
const reasonsOf = ({ runs }: TestSet) => new Map(runs.map(({ dataType, reason }) => [dataType, reason]))
const stateOf = async (feed: TestFeed, runId: string | null) =>
  (await feed.runs()).find(({ id }) => id === runId)?.state

/** Lets the schedule be due once, at a time that was. */
async function fireOnce(feed: TestFeed, hour: number): Promise<void> {
  const before = (await feed.firings()).length
  const at = (more: number) => new Date(Date.parse('2026-08-03T00:00:00Z') + hour * hourMs + more).toISOString()
  await feed.backfill(at(0), at(4 * hourMs - 60_000))
  await until(async () => (await feed.firings()).length > before)
}

describe('a schedule for all data types', () => {
  it('fetches the newest package once, and runs in order what it may', async () => {
    const feed = await rig.makeFeed({ dataType: allDataTypes })
    feed.put('monday.zip', roster)
    await rig.withWorker(async () => {
      await feed.keep({ isPaused: true })
      await fireOnce(feed, 0)
      await until(async () => (await feed.sets()).some(isOver))
      const [set] = await feed.sets()
      const [firing] = await startedBy(feed)
      assert.ok(set !== undefined)
      assert.deepEqual([firing?.setId, firing?.runId, set.requestedBy], [set.id, null, 'schedule'])
      assert.equal(set.dueAt?.toISOString(), firing?.dueAt)

      const reasons = reasonsOf(set)
      assert.deepEqual([...reasons.keys()].sort(), dataTypes.map(({ name }) => name).sort())
      assert.match(reasons.get('courseCatalog') ?? '', /imported by hand, and by no schedule/)
      for (const name of ['courseMapping', 'currentCourses', 'courseHistory'])
        assert.match(reasons.get(name) ?? '', needsCatalog)
      for (const name of ['students', 'staff', 'guardians', 'classes', 'enrollments'])
        assert.equal(reasons.get(name), null, name)
      const runs = await feed.runs()
      assert.equal(runs.length, 5)
      for (const run of runs) {
        assert.match(run.state, /^completed/, run.dataType)
        assert.deepEqual([run.inputFileId, run.requestedBy], [set.inputFileId, 'schedule'], run.dataType)
      }

      // The same package again: found, not read, and unchanged.
      await fireOnce(feed, 4)
      await until(async () => (await feed.sets()).filter(isOver).length === 2)
      const again = (await feed.sets())[1]
      assert.equal(again?.inputFileId, set.inputFileId)
      for (const { runId } of again.runs) if (runId !== null) assert.equal(await stateOf(feed, runId), 'unchanged')
    })
    await rig.withWorker(() => rig.watch())
    assert.deepEqual(await feed.alarms(), [])
  })

  it('leaves out a data type on the days of its own blackout, and all where all have one', async () => {
    const feed = await rig.makeFeed({ dataType: allDataTypes })
    feed.put('monday.zip', roster)
    const shut = (names: readonly string[]) =>
      withDistrict(rig.db, feed.districtId, async (trx) => {
        for (const dataType of names) {
          const blackouts = [{ from: '2026-08-03', to: '2026-08-03' }]
          await updateConfigurationSettings(trx, { connectionId: feed.connectionId, dataType }, { blackouts }, 'test')
        }
      })
    await shut(['students'])
    await rig.withWorker(async () => {
      await feed.keep({ isPaused: true })
      await fireOnce(feed, 0)
      await until(async () => (await feed.sets()).some(isOver))
      const [set] = await feed.sets()
      const reasons = reasonsOf(set ?? assert.fail())
      assert.match(reasons.get('students') ?? '', /blackout/)
      assert.match(reasons.get('guardians') ?? '', /it needs students/)
      assert.equal(reasons.get('staff'), null)
      await shut(dataTypes.map(({ name }) => name).filter((name) => name !== 'courseCatalog'))
      await fireOnce(feed, 4)
    })
    assert.deepEqual(
      (await feed.firings()).map(({ outcome }) => outcome),
      ['started', 'blackout'],
    )
  })

  it('skips its start while a set or a run of one of its data types is at work, and so does a schedule of one', async () => {
    const feed = await rig.makeFeed({ dataType: allDataTypes })
    feed.put('monday.zip', roster)
    const one = await feed.another('students')
    const set = await feed.plantSet()
    await rig.withWorker(async () => {
      await feed.keep({ isPaused: true })
      await one.keep({ isPaused: true })
      await fireOnce(feed, 0)
      await fireOnce(one, 0)
      await withDistrict(rig.db, feed.districtId, (trx) => finishImportSet(trx, set.id, new Date()))
      const run = await feed.plantRun({ state: 'applying' }, 'staff')
      await fireOnce(feed, 4)
      assert.deepEqual(
        (await feed.firings()).map(({ outcome, setId, runId }) => [outcome, setId, runId]),
        [
          ['overlap', set.id, null],
          ['overlap', null, run],
        ],
      )
    })
    assert.deepEqual(
      (await one.firings()).map(({ outcome, setId }) => [outcome, setId]),
      [['overlap', set.id]],
    )
  })

  it('waits for what none of its data types can begin without', async () => {
    const feed = await rig.makeFeed({ dataType: allDataTypes })
    feed.put('monday.zip', roster)
    await rig.asOwner((owner) =>
      owner.query(
        `update import_configurations set is_enabled = false where district_id = $1 and data_type not in ('guardians', 'enrollments')`,
        [feed.districtId],
      ),
    )
    await rig.withWorker(async () => {
      await feed.keep({ isPaused: true })
      await fireOnce(feed, 0)
    })
    const [firing] = await feed.firings()
    assert.equal(firing?.outcome, 'notReady')
    assert.deepEqual([...firing.waitsFor].sort(), ['classes', 'staff', 'students'])
    assert.deepEqual(await feed.sets(), [])
  })

  it('reads the pages of each data type by itself where the source has pages', async () => {
    const source = new PagedSource(inventPages(2, 3))
    const asked: string[] = []
    const connector: typeof source.connector = {
      ...source.connector,
      dataTypes: ['students', 'staff'],
      intake: {
        kind: 'pages',
        pages: (request) => {
          asked.push(request.dataType)
          return source.ask(request)
        },
      },
    }
    rig.connectors.splice(0, Infinity, connector)
    const feed = await rig.makeFeed({ connector, dataType: allDataTypes })
    await rig.withWorker(async () => {
      await feed.keep({ isPaused: true })
      await fireOnce(feed, 0)
      await until(async () => (await feed.sets()).some(isOver))
    })
    assert.deepEqual(asked, ['students', 'staff'])
    const [set] = await feed.sets()
    assert.equal(set?.inputFileId, null)
    for (const run of await feed.runs()) assert.notEqual(run.inputFileId, null, run.dataType)
    assert.equal(await stateOf(feed, set.runs[0]?.runId ?? null), 'completed')
  })
})

describe('an import set whose source has nothing', () => {
  it('ends, and says of each data type why it did not run', async () => {
    const feed = await rig.makeFeed({ dataType: allDataTypes })
    const set = await feed.plantSet()
    await rig.withWorker(async () => {
      await rig.startSet(feed, set)
      await until(async () => (await feed.sets()).some(isOver))
    })
    const [ended] = await feed.sets()
    assert.equal(ended?.runs.length, dataTypes.length)
    for (const { runId, reason } of ended.runs) {
      assert.equal(runId, null)
      assert.match(reason ?? '', /its input could not be fetched: INPUT_MISSING/)
    }
  })
})

describe('a feed of all data types', () => {
  it('is late when no set ended well in time, and arrives when one did', async () => {
    const feed = await rig.makeFeed({ dataType: allDataTypes, activeSince: new Date(Date.now() - 9 * hourMs) })
    await rig.withWorker(async () => {
      await rig.watch()
      assert.deepEqual(await feed.alarms(), [{ kind: 'feedLate', runId: null, isOpen: true }])
      feed.put('monday.zip', roster)
      await rig.startSet(feed, await feed.plantSet())
      await until(async () => (await feed.sets()).some(isOver))
      await rig.watch()
    })
    assert.deepEqual(await feed.alarms(), [{ kind: 'feedLate', runId: null, isOpen: false }])
    assert.deepEqual(
      (await feed.events()).map(({ kind }) => kind).filter((kind) => kind.startsWith('feed')),
      ['feedLate', 'feedArrived'],
    )
  })
})
