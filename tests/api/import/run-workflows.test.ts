import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { connectToTemporal } from '../../../api/connect-to-temporal.ts'
import { Refusal } from '../../../api/failures.ts'
import { MessageRefused, TemporalRunWorkflows } from '../../../api/import/run-workflows.ts'
import { deriveRunWorkflowId } from '../../../domain/ids.ts'
import { getTestTemporal } from '../../harness/temporal.ts'
import { until } from '../../harness/until.ts'
import { metLimit, someActions, standInActivities, type Calls } from '../../workflows/stand-in-activities.ts'
import { standInUndo, undoRunId } from '../../workflows/undo/undo-rig.ts'
import { useWorkflowRig } from '../../workflows/workflow-rig.ts'
import { afterTest } from '../../harness/after-test.ts'

const rig = useWorkflowRig()

/** Without a worker's task queue nobody ever polls the one it uses. */
async function connect(answerPatienceMs: number, ofWorker?: string): Promise<TemporalRunWorkflows> {
  const { address, namespace, taskQueue: unpolled } = await getTestTemporal()
  const taskQueue = ofWorker ?? unpolled
  const workflows = new TemporalRunWorkflows({
    connect: () => connectToTemporal({ address, namespace, apiKey: undefined, isTls: false }),
    taskQueue,
    answerPatienceMs,
  })
  afterTest(() => workflows.close())
  return workflows
}

function startOf(district: string) {
  const runId = randomUUID()
  const workflowId = deriveRunWorkflowId(district, 'students', runId)
  return { workflowId, districtId: randomUUID(), district, dataType: 'students', runId, isTest: true }
}

const longPatienceMs = 60_000

describe('the workflow of a run', () => {
  it('is started once, reads well in Temporal, and is left alone by a second start', async () => {
    const workflows = await connect(longPatienceMs)
    const run = startOf(rig.district)
    await workflows.startRun(run)
    await workflows.startRun(run)
    const description = await rig.client.workflow.getHandle(run.workflowId).describe()
    assert.equal(await description.staticSummary(), `Test import of students for ${rig.district}`)
    const labels = description.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value] as const)
    assert.equal(new Map(labels).get('RollbookRunId'), run.runId)
  })
})

describe('a message to a run', () => {
  it('is answered by a worker: taken when it fits, refused with the reason when it does not', async () => {
    const workflows = await connect(longPatienceMs)
    const plan = { actions: someActions, metLimits: [metLimit(76)], keptBack: 'deactivations' as const }
    const activities = standInActivities([], { buildPlan: () => Promise.resolve(plan) })
    await rig.withWorker(activities, async () => {
      const handle = await rig.start()
      await until(async () => (await handle.query<{ state: string }>('status')).state === 'held')
      const message = { decision: 'discard', by: 'operator-7' } as const
      assert.equal(await workflows.decideHold(handle.workflowId, message), 'answered')
      assert.equal((await handle.result()).state, 'discarded')
      await assert.rejects(workflows.decideHold(handle.workflowId, message), MessageRefused)
    })
  })

  it('is kept for later when no worker answers', async () => {
    const workflows = await connect(300)
    const run = startOf(rig.district)
    await workflows.startRun(run)
    assert.equal(await workflows.cancelRun(run.workflowId, { by: 'operator-7', reason: 'a test' }), 'sent')
    const { events } = await rig.client.workflow.getHandle(run.workflowId).fetchHistory()
    assert.ok(events?.some((event) => event.workflowExecutionSignaledEventAttributes?.signalName === 'cancelRun'))
  })

  it('is refused when there is no such run', async () => {
    const workflows = await connect(longPatienceMs)
    const { workflowId } = startOf(rig.district)
    await assert.rejects(workflows.cancelRun(workflowId, { by: 'operator-7', reason: 'x' }), MessageRefused)
  })
})

describe('a wish to undo a run', () => {
  const wish = { by: 'operator-7', reason: 'wrong file' }
  const openWindow = () => ({
    ...{ districtId: randomUUID(), runId: randomUUID(), district: rig.district, dataType: 'students' },
    undoUntil: new Date(Date.now() + 3_600_000).toISOString(),
  })

  it('starts the undo window when there is none, and is answered by it', async () => {
    const calls: Calls = []
    await rig.withWorker(standInUndo(calls), async () => {
      const workflows = await connect(longPatienceMs, rig.taskQueue)
      const window = openWindow()
      assert.deepEqual(await workflows.requestUndo(window, wish), { delivery: 'answered', undoRunId })
      await until(() => calls.includes('closeUndo:done'))
      // The window that is there is asked, and no second one is started.
      assert.deepEqual(await workflows.requestUndo(window, wish), { delivery: 'answered', undoRunId })
      await rig.client.workflow.getHandle(`undo/${window.runId}`).terminate()
    })
  })

  it('is refused with the words of the database', async () => {
    const openUndo = () => Promise.resolve({ kind: 'refused', reason: 'it was undone already' } as const)
    await rig.withWorker(standInUndo([], { openUndo }), async () => {
      const workflows = await connect(longPatienceMs, rig.taskQueue)
      const window = openWindow()
      const isRefused = (error: unknown) => error instanceof MessageRefused && error.message === 'it was undone already'
      await assert.rejects(workflows.requestUndo(window, wish), isRefused)
      await rig.client.workflow.getHandle(`undo/${window.runId}`).terminate()
    })
  })

  it('is kept for later when no worker answers', async () => {
    const workflows = await connect(300)
    const window = openWindow()
    assert.deepEqual(await workflows.requestUndo(window, wish), { delivery: 'sent', undoRunId: null })
    const handle = rig.client.workflow.getHandle(`undo/${window.runId}`)
    const { events } = await handle.fetchHistory()
    assert.ok(events?.some((event) => event.workflowExecutionSignaledEventAttributes?.signalName === 'requestUndo'))
    await handle.terminate()
  })
})

describe('a wish to undo a run with what came after it', () => {
  it('is one workflow, which is found when it is asked for again', async () => {
    const workflows = await connect(longPatienceMs)
    const runId = randomUUID()
    const wish = {
      ...{ districtId: randomUUID(), district: rig.district, dataType: 'students', runId, runIds: ['newer', runId] },
      ...{ by: 'operator-7', reason: 'wrong file', askedAt: '2026-01-01T00:00:00.000Z' },
    }
    const throughId = await workflows.startUndoThrough(wish)
    assert.equal(await workflows.startUndoThrough(wish), throughId)
    const handle = rig.client.workflow.getHandle(`undo-through/${runId}`)
    const { runId: executionId, typedSearchAttributes } = await handle.describe()
    assert.equal(executionId, throughId)
    const labels = new Map(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]))
    assert.deepEqual([labels.get('RollbookRunId'), labels.get('RollbookState')], [runId, 'undoing'])
    await handle.terminate()
  })
})

describe('Temporal being away', () => {
  it('is told as such, and the next request tries again', async () => {
    let tries = 0
    const connectInVain = () => {
      tries += 1
      return Promise.reject(new Error('connection refused'))
    }
    const workflows = new TemporalRunWorkflows({ connect: connectInVain, taskQueue: 'nobody' })
    const isAway = (error: unknown) => error instanceof Refusal && error.code === 'WORKFLOWS_UNAVAILABLE'
    await assert.rejects(workflows.startRun(startOf('lincoln')), isAway)
    await assert.rejects(workflows.decideHold('import/x', { decision: 'approve', by: 'x' }), isAway)
    assert.equal(await workflows.isReachable(), false)
    assert.equal(tries, 3)
  })
})
