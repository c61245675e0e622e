import assert from 'node:assert/strict'
import { Refusal } from '../../../api/failures.ts'
import type { ConnectionTest, Connector } from '../../../connectors/connector.ts'
import { oneRosterCsv } from '../../../connectors/oneroster-csv/connector.ts'
import { findConnection } from '../../../db/connect/connections.ts'
import { withDistrict } from '../../../db/database.ts'
import { afterTest } from '../../harness/after-test.ts'
import { lincolnCounty } from '../../districts/lincoln-county.ts'
import { useScheduleRig } from '../schedule/schedule-rig.ts'
import type { TestFeed } from '../schedule/test-feed.ts'

const rig = useScheduleRig()

/** A source that answers when the test lets it. */
function openSlowSource() {
  let answer: (outcome: ConnectionTest) => void = () => undefined
  const answered = new Promise<ConnectionTest>((resolve) => {
    answer = resolve
  })
  const connector: Connector = { ...oneRosterCsv, test: () => answered }
  rig.connectors.splice(0, Infinity, connector)
  afterTest(() => rig.connectors.splice(0))
  return { connector, answer: () => answer({ isConnected: true }) }
}

const readStatus = async ({ districtId, connectionId }: TestFeed) => {
  const row = await withDistrict(rig.db, districtId, (trx) => findConnection(trx, connectionId))
  return [row?.status, row?.statusReason]
}

/** Every text of a history, payloads decoded. */
function* listTexts(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value
  else if (value instanceof Uint8Array) yield Buffer.from(value).toString()
  else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) yield* listTexts(one)
}

const describeWorkflow = (workflowId: string) => rig.client.workflow.getHandle(workflowId).describe()

describe('the test of a connection', () => {
  it('is made by a worker, which writes down what came of it', async () => {
    const feed = await rig.makeFeed()
    await rig.withWorker(async () => {
      const empty = await rig.testConnection(feed)
      assert.equal(empty.refusal, undefined)
      assert.deepEqual(await readStatus(feed), [
        'failed',
        'The folder can be read, and there is no package (*.zip) in it.',
      ])
      feed.put('monday.zip', lincolnCounty(1))
      await rig.testConnection(feed)
      assert.deepEqual(await readStatus(feed), ['connected', null])
      const description = await describeWorkflow(empty.workflowId)
      assert.equal(await description.staticSummary(), `Test of a connection of ${feed.district}`)
      const labels = description.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value] as const)
      assert.equal(new Map(labels).get('RollbookDistrict'), feed.district)
    })
  })

  it('leaves ids and the outcome in the history, and nothing of settings or reason', async () => {
    const source = { kind: 'sftp', host: '127.0.0.1', port: 1, username: 'lincoln-drop', password: 'apricot-73' }
    const feed = await rig.makeFeed({ source: { ...source, hostKeys: [`SHA256:${'a'.repeat(43)}`] } })
    await rig.withWorker(async () => {
      const { workflowId, refusal } = await rig.testConnection(feed)
      assert.equal(refusal, undefined)
      const [status, reason] = await readStatus(feed)
      assert.equal(status, 'failed')
      assert.match(reason ?? '', /could not be reached/)
      const handle = rig.client.workflow.getHandle<() => Promise<unknown>>(workflowId)
      assert.deepEqual(await handle.result(), { isConnected: false })
      const told = [...listTexts(await handle.fetchHistory())].join('\n')
      assert.ok(told.includes(feed.connectionId))
      for (const word of ['apricot', 'lincoln-drop', '127.0.0.1', 'could not be reached']) {
        assert.equal(told.includes(word), false, word)
      }
    })
  })

  it('is given up where no worker begins with it, and nothing of it is left to do', async () => {
    const feed = await rig.makeFeed()
    const { workflowId, refusal } = await rig.testConnection(feed, { toBeginMs: 200, toEndMs: 60_000 })
    assert.ok(refusal instanceof Refusal)
    assert.equal(refusal.code, 'WORKERS_UNAVAILABLE')
    assert.equal((await describeWorkflow(workflowId)).status.name, 'TERMINATED')
    assert.deepEqual(await readStatus(feed), ['notConfigured', null])
  })

  it('is given up where a worker begins and is not done in time', async () => {
    const { connector, answer } = openSlowSource()
    const feed = await rig.makeFeed({ connector })
    await rig.withWorker(async () => {
      const { workflowId, refusal } = await rig.testConnection(feed, { toBeginMs: 60_000, toEndMs: 3_000 })
      assert.ok(refusal instanceof Refusal)
      assert.equal(refusal.code, 'WORKERS_UNAVAILABLE')
      assert.equal((await describeWorkflow(workflowId)).status.name, 'TIMED_OUT')
      answer()
    })
  })

  it('waits on for a worker that has begun', async () => {
    const { connector, answer } = openSlowSource()
    const feed = await rig.makeFeed({ connector })
    await rig.withWorker(async () => {
      const tested = rig.testConnection(feed, { toBeginMs: 8_000, toEndMs: 60_000 })
      const timer = setTimeout(answer, 9_000)
      assert.equal((await tested).refusal, undefined)
      clearTimeout(timer)
      assert.deepEqual(await readStatus(feed), ['connected', null])
    })
  })
})
