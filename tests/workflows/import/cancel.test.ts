import assert from 'node:assert/strict'
import { Context } from '@temporalio/activity'
import { WorkflowFailedError } from '@temporalio/client'
import type { ImportActivities, RunOutcome } from '../../../activities/interface.ts'
import { metLimit, noActions, someActions, standInActivities, type Calls } from '../stand-in-activities.ts'
import { useWorkflowRig } from '../workflow-rig.ts'

const rig = useWorkflowRig()

const cancellation = { by: 'operator-7', reason: 'wrong file' }
const cancelled: RunOutcome = { kind: 'cancelled', ...cancellation }

/** Waits, beating, until somebody cancels; then ends by throwing, as a real long step does. */
async function untilCancelled(): Promise<never> {
  const beat = setInterval(() => {
    Context.current().heartbeat()
  }, 20)
  try {
    return await Context.current().cancelled
  } finally {
    clearInterval(beat)
  }
}

async function whenCalled(calls: Calls, name: string): Promise<void> {
  while (!calls.includes(name)) await new Promise((resolve) => setTimeout(resolve, 20))
}

/** A run that stands still in one step, is cancelled there, and tells how it was closed. */
async function cancelIn(
  step: string,
  changed: Partial<ImportActivities>,
): Promise<{ calls: Calls; outcome: RunOutcome }> {
  const calls: Calls = []
  const outcomes: RunOutcome[] = []
  const closeRun: ImportActivities['closeRun'] = ({ outcome }) => {
    outcomes.push(outcome)
    return Promise.resolve({ state: 'cancelled', undoUntil: null })
  }
  await rig.withWorker(standInActivities(calls, { ...changed, closeRun }), async () => {
    const handle = await rig.start()
    await whenCalled(calls, step)
    await handle.executeUpdate('cancelRun', { args: [cancellation] })
    assert.equal((await handle.result()).state, 'cancelled')
  })
  const [outcome] = outcomes
  assert.ok(outcome !== undefined && outcomes.length === 1)
  return { calls, outcome }
}

describe('a run that is cancelled', () => {
  it('while its input is read, applies nothing', async () => {
    const { calls, outcome } = await cancelIn('stageRun', { stageRun: untilCancelled })
    assert.deepEqual(outcome, cancelled)
    assert.deepEqual(calls, ['openRun', 'stageRun', 'closeRun:cancelled'])
  })

  it('while its plan is made, applies nothing', async () => {
    const { calls, outcome } = await cancelIn('buildPlan', { buildPlan: untilCancelled })
    assert.deepEqual(outcome, cancelled)
    assert.deepEqual(calls.slice(2), ['buildPlan', 'closeRun:cancelled'])
  })

  it('while it is held, applies nothing', async () => {
    const buildPlan = () =>
      Promise.resolve({ actions: someActions, metLimits: [metLimit(900, 'updates')], keptBack: 'all' } as const)
    const { calls, outcome } = await cancelIn('listOlderHeldRuns', { buildPlan })
    assert.deepEqual(outcome, cancelled)
    assert.ok(!calls.some((call) => call.startsWith('applyPlan')))
  })

  it('while it applies, ends the batch in hand and says what was applied', async () => {
    const applyPlan: ImportActivities['applyPlan'] = async () => {
      await untilCancelled().catch(() => undefined)
      return { kind: 'stopped', actions: { ...noActions, create: 2 } }
    }
    const { outcome } = await cancelIn('applyPlan:all', { applyPlan })
    assert.deepEqual(outcome, cancelled)
  })

  it('too late, is completed: everything had been applied', async () => {
    const calls: Calls = []
    const applyPlan: ImportActivities['applyPlan'] = async () => {
      await untilCancelled().catch(() => undefined)
      return { kind: 'applied', actions: someActions }
    }
    await rig.withWorker(standInActivities(calls, { applyPlan }), async () => {
      const handle = await rig.start()
      await whenCalled(calls, 'applyPlan:all')
      await handle.signal('cancelRun', cancellation)
      assert.equal((await handle.result()).state, 'completed')
    })
    assert.ok(calls.includes('closeRun:applied'))
  })

  it('twice, is cancelled once', async () => {
    const calls: Calls = []
    await rig.withWorker(standInActivities(calls, { stageRun: untilCancelled }), async () => {
      const handle = await rig.start()
      await whenCalled(calls, 'stageRun')
      await handle.signal('cancelRun', cancellation)
      await handle.signal('cancelRun', { by: 'operator-8', reason: 'too' })
      assert.equal((await handle.result()).state, 'cancelled')
    })
    assert.equal(calls.filter((call) => call.startsWith('closeRun')).length, 1)
  })

  it('with the means of Temporal, is closed in the database all the same', async () => {
    const calls: Calls = []
    await rig.withWorker(standInActivities(calls, { stageRun: untilCancelled }), async () => {
      const handle = await rig.start()
      await whenCalled(calls, 'stageRun')
      await handle.cancel()
      await assert.rejects(handle.result(), WorkflowFailedError)
    })
    assert.equal(calls.at(-1), 'closeRun:cancelled')
  })

  it('while it waits for its turn, applies nothing', async () => {
    const calls: Calls = []
    let release = (): void => undefined
    const applyPlan: ImportActivities['applyPlan'] = async () => {
      await new Promise<void>((resolve) => (release = resolve))
      return { kind: 'applied', actions: someActions }
    }
    await rig.withWorker(standInActivities(calls, { applyPlan }), async () => {
      const first = await rig.start()
      await whenCalled(calls, 'applyPlan:all')
      const second = await rig.start()
      for (;;) {
        const { details } = await second.query<{ details: string }>('status')
        if (details.includes('Waiting for another import')) break
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      await second.signal('cancelRun', cancellation)
      assert.equal((await second.result()).state, 'cancelled')
      release()
      await first.result()
    })
    assert.equal(calls.filter((call) => call.startsWith('applyPlan')).length, 1)
  })
})
