import assert from 'node:assert/strict'
import { Client, Connection } from '@temporalio/client'
import { deriveRunWorkflowId } from '../../domain/ids.ts'
import { findFreePort } from '../../stack/processes/free-port.ts'
import { getWorkflowBundle } from '../../stack/code/workflow-bundle.ts'
import type { RunRef } from '../../activities/interface.ts'
import type { RunStatus } from '../../workflows/messages.ts'
import type { runImport } from '../../workflows/import/run-import.ts'
import { useImportRig } from '../activities/import-rig.ts'
import { getTestTemporal } from '../harness/temporal.ts'
import { until } from '../harness/until.ts'
import { startWorkerProcess } from './worker-process.ts'

const rig = useImportRig()
const county = { seed: 17, students: 3_000, studentsPerSchool: 500 } as const

let connection: Connection
let client: Client
let settings: Record<string, string> = {}

function start({ districtId, runId }: RunRef) {
  const workflowId = deriveRunWorkflowId(rig.district, 'students', runId)
  return client.workflow.start<typeof runImport>('runImport', {
    workflowId,
    taskQueue: settings['ROLLBOOK_TASK_QUEUE'] ?? '',
    args: [{ districtId, runId, district: rig.district, dataType: 'students' }],
  })
}

describe('the process of a worker', () => {
  // Inside, because hooks of a file's top level do not wait for each other.
  beforeAll(async () => {
    const { address, taskQueue } = await getTestTemporal()
    connection = await Connection.connect({ address })
    client = new Client({ connection })
    settings = {
      ...rig.settings,
      ROLLBOOK_TEMPORAL_ADDRESS: address,
      ROLLBOOK_TASK_QUEUE: taskQueue,
      ROLLBOOK_WORKFLOW_BUNDLE: await getWorkflowBundle(),
      ROLLBOOK_HEARTBEAT_TIMEOUT_MS: '2000',
      ROLLBOOK_SHUTDOWN_GRACE_MS: '500',
    }
  })
  afterAll(() => connection.close())

  it('imports a package from its archive to the records, and ends in order when it is told to', async () => {
    const worker = startWorkerProcess(settings)
    await worker.untilLine('"worker ready"')
    const run = await rig.giveRun(await rig.givePackage(county))
    const handle = await start(run)
    assert.equal((await handle.result()).state, 'completed')
    assert.equal((await rig.readRun(run)).counts.created, 3_000)
    assert.equal(await worker.end('SIGTERM'), 0)
    assert.ok(worker.lines.some((line) => line.includes('"worker stopped"')))
  })

  it('may be killed at any moment: the next one goes on', async () => {
    const run = await rig.giveRun(await rig.givePackage({ ...county, changedEvery: 10 }))
    const handle = await start(run)
    for (const pauseMs of [150, 400, 700]) {
      const worker = startWorkerProcess(settings)
      await worker.untilLine('"worker ready"')
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
      await worker.end('SIGKILL')
    }
    const worker = startWorkerProcess(settings)
    assert.equal((await handle.result()).state, 'completed')
    await worker.end('SIGTERM')
    const { counts } = await rig.readRun(run)
    assert.deepEqual([counts.updated, counts.unchanged], [300, 2_700])
    assert.equal((await rig.readTables()).journal?.length, 300)
  })

  it('waits for its database, and goes on when that is back', async () => {
    const run = await rig.giveRun(await rig.givePackage({ ...county, changedEvery: 7 }))
    const worker = startWorkerProcess(settings)
    await worker.untilLine('"worker ready"')
    const handle = await start(run)
    const over = new AbortController()
    const result = handle.result().finally(() => over.abort())
    for (let cut = 0; cut < 20 && !over.signal.aborted; cut++) {
      await new Promise((resolve) => setTimeout(resolve, 60))
      await rig.cutConnections()
    }
    assert.equal((await result).state, 'completed')
    await worker.end('SIGTERM')
    assert.ok(!worker.lines.some((line) => line.includes('unforeseen')))
  })

  it('holds a dangerous run, and applies it when a person approves', async () => {
    const worker = startWorkerProcess(settings)
    const isLeftOut = (_: unknown, number: number): boolean => number % 3 === 0
    const run = await rig.giveRun(await rig.givePackage({ ...county, changedEvery: 10, isLeftOut }))
    const handle = await start(run)
    await until(async () => (await rig.readRun(run)).state === 'held')
    assert.equal((await rig.readRun(run)).counts.deactivated, 0)
    await handle.executeUpdate('decideHold', { args: [{ decision: 'approve', by: 'operator-7' }] })
    assert.equal((await handle.result()).state, 'completed')
    assert.equal((await rig.readRun(run)).counts.deactivated, 1_000)
    const { state } = await handle.query<RunStatus>('status')
    assert.equal(state, 'completed')
    await worker.end('SIGTERM')
  })

  it('keeps trying while Temporal is away, and leaves when it is told to', async () => {
    const address = `127.0.0.1:${await findFreePort()}`
    const worker = startWorkerProcess({ ...settings, ROLLBOOK_TEMPORAL_ADDRESS: address })
    await worker.untilLine('Temporal does not answer')
    assert.equal(await worker.end('SIGTERM'), 0)
  })

  it('ends at once with the names of the settings it lacks', async () => {
    const worker = startWorkerProcess({})
    await assert.rejects(worker.untilLine('"worker ready"'), /ROLLBOOK_APP_DATABASE_URL is not set/)
  })
})
