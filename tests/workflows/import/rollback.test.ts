import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { WorkflowHandle } from '@temporalio/client'
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundle } from '@temporalio/worker'
import type { ImportActivities } from '../../../activities/interface.ts'
import { makeTemporaryDirectory } from '../../../stack/disk/temporary-directory.ts'
import type { RunStatus } from '../../../workflows/messages.ts'
import type { runImport } from '../../../workflows/import/run-import.ts'
import { getTestTemporal } from '../../harness/temporal.ts'
import { typeTemporal } from '../../harness/runbook.ts'
import { until } from '../../harness/until.ts'
import { metLimit, someActions, standInActivities, type Calls } from '../stand-in-activities.ts'
import { useWorkflowRig, type RunHandle } from '../workflow-rig.ts'

const rig = useWorkflowRig()
const approval = { decision: 'approve', by: 'operator-7' }

const heldSteps = (calls: Calls): ImportActivities =>
  standInActivities(calls, {
    buildPlan: () => Promise.resolve({ actions: someActions, metLimits: [metLimit(900, 'updates')], keptBack: 'all' }),
  })

const isHeld = async (handle: WorkflowHandle<typeof runImport>) =>
  (await handle.query<RunStatus>('status')).state === 'held'

async function failedTasks(handle: RunHandle): Promise<number> {
  const { events } = await handle.fetchHistory()
  return events?.filter(({ workflowTaskFailedEventAttributes: failed }) => Boolean(failed)).length ?? 0
}

describe('a run that was begun by a release that is taken back', () => {
  let later: WorkflowBundle
  beforeAll(async () => {
    // swc, by which webpack reads TypeScript, leaves a folder in the user's cache otherwise.
    const cache = makeTemporaryDirectory()
    process.env['XDG_CACHE_HOME'] = cache.path
    process.once('exit', cache.remove)
    later = await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('./later-release.ts', import.meta.url)),
      logger: new DefaultLogger('ERROR'),
    })
  })

  /** Held under the later release, and then decided where only the release before is at work. */
  async function holdAndGoBack(calls: Calls, taskQueue: string, story: (handle: RunHandle) => Promise<void>) {
    const steps = heldSteps(calls)
    const begin = async () => {
      const handle = await rig.start()
      await until(() => isHeld(handle))
      return handle
    }
    const handle = await rig.withWorker(steps, begin, {}, { taskQueue, workflowBundle: later })
    await rig.withWorker(
      steps,
      async () => {
        await handle.signal('decideHold', approval)
        await until(async () => (await failedTasks(handle)) > 0)
        assert.equal((await handle.describe()).status.name, 'RUNNING')
        await story(handle)
      },
      {},
      { taskQueue },
    )
    return handle
  }

  it('waits under the release before, and goes on under its own', async () => {
    const calls: Calls = []
    const taskQueue = `rollbook-${randomUUID()}`
    const begun = ['openRun', 'stageRun', 'buildPlan', 'holdForReview', 'listOlderHeldRuns']
    const handle = await holdAndGoBack(calls, taskQueue, () => {
      assert.deepEqual(calls, begun)
      return Promise.resolve()
    })
    await rig.withWorker(
      heldSteps(calls),
      async () => assert.equal((await handle.result()).state, 'completed'),
      {},
      { taskQueue, workflowBundle: later },
    )
    assert.deepEqual(calls, [
      ...begun,
      ...['recordHoldDecision:approve', 'applyPlan:all', 'closeRun:applied', 'listOlderHeldRuns'],
    ])
  })

  it('begins anew under the release before when it is reset', async () => {
    const calls: Calls = []
    const { address } = await getTestTemporal()
    await holdAndGoBack(calls, `rollbook-${randomUUID()}`, async ({ workflowId }) => {
      await typeTemporal(address, ['reset', 'FirstWorkflowTask'], { workflowId })
      // The handle is of the execution that the reset ended.
      const handle = rig.client.workflow.getHandle<typeof runImport>(workflowId)
      await until(async () => calls.filter((call) => call === 'holdForReview').length === 2 && (await isHeld(handle)))
      await handle.signal('decideHold', approval)
      assert.equal((await handle.result()).state, 'completed')
    })
    assert.equal(calls.filter((call) => call === 'openRun').length, 2)
    assert.equal(calls.filter((call) => call === 'applyPlan:all').length, 1)
  })
})
