import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { ApplicationFailure } from '@temporalio/common'
import { WorkflowUpdateFailedError } from '@temporalio/client'
import type { UndoAnswer, UndoWindowStatus } from '../../../workflows/messages.ts'
import { until } from '../../harness/until.ts'
import { someActions, standInActivities, type Calls } from '../stand-in-activities.ts'
import { closedUndo, openWindow, standInUndo, undoRunId, type WindowHandle } from './undo-rig.ts'
import { useWorkflowRig } from '../workflow-rig.ts'

const rig = useWorkflowRig()
const wish = { by: 'operator-7', reason: 'wrong file' }
const hour = 3_600_000

const status = (handle: WindowHandle) => handle.query<UndoWindowStatus>('status')
const ask = (handle: WindowHandle) => handle.executeUpdate<UndoAnswer, [typeof wish]>('requestUndo', { args: [wish] })

async function refusalOf(asked: Promise<unknown>): Promise<string> {
  const error: unknown = await asked.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof WorkflowUpdateFailedError)
  return error.cause instanceof Error ? error.cause.message : ''
}

describe('the undo window of a run', () => {
  it('is opened by a run that changed records, and outlives it', async () => {
    const calls: Calls = []
    const undoUntil = new Date(Date.now() + hour).toISOString()
    const activities = {
      ...standInUndo(calls),
      closeRun: () => Promise.resolve({ state: 'completed' as const, undoUntil }),
    }
    await rig.withWorker(activities, async () => {
      const run = await rig.start()
      await run.result()
      const runId = run.workflowId.split('/').at(-1) ?? ''
      const window: WindowHandle = rig.client.workflow.getHandle(`undo/${runId}`) as WindowHandle // started by name
      const found = await status(window)
      assert.deepEqual(
        { runId: found.runId, state: found.state, undoUntil: found.undoUntil, undoRunId: found.undoRunId },
        { runId, state: 'open', undoUntil, undoRunId: null },
      )
      assert.match(found.details, /requestUndo/)
      const { typedSearchAttributes, status: execution } = await window.describe()
      assert.equal(execution.name, 'RUNNING')
      const labels = typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value] as const)
      assert.equal(new Map(labels).get('RollbookState'), 'open')
      await window.terminate()
    })
  })

  it('lets go of what undo needs when its time is over', async () => {
    const calls: Calls = []
    await rig.withWorker(standInUndo(calls), async () => {
      const window = await openWindow(rig, 100)
      assert.deepEqual(await window.result(), { undoRunId: null, purgedRows: 79 })
      assert.deepEqual(calls, ['purgeJournal'])
    })
  })

  for (const how of ['update', 'signal'] as const) {
    it(`carries out a wish that comes by ${how}, while nobody applies`, async () => {
      const calls: Calls = []
      await rig.withWorker(standInUndo(calls), async () => {
        const window = await openWindow(rig, 4000)
        if (how === 'signal') await window.signal('requestUndo', wish)
        else assert.equal((await ask(window)).undoRunId, undoRunId)
        await until(() => calls.includes('closeUndo:done'))
        await until(async () => (await status(window)).state === 'open')
        assert.match((await status(window)).details, /76 records reverted, 3 made inactive/)
        assert.deepEqual(await window.result(), { undoRunId, purgedRows: 79 })
        assert.deepEqual(calls, ['openUndo:operator-7', 'carryOutUndo', 'closeUndo:done', 'purgeJournal'])
      })
    })
  }

  it('keeps a signal that comes while no worker is up', async () => {
    const calls: Calls = []
    const queue = await rig.withWorker(standInUndo(calls), () => Promise.resolve(rig.taskQueue))
    const window = await openWindow(rig, hour)
    await window.signal('requestUndo', wish)
    assert.equal(calls.length, 0)
    await rig.withWorker(
      standInUndo(calls),
      () => until(() => calls.includes('closeUndo:done')),
      {},
      { taskQueue: queue },
    )
    await window.terminate()
  })

  it('refuses by the words of the database, to an update at once and to a signal in its details', async () => {
    const calls: Calls = []
    const openUndo = () => Promise.resolve({ kind: 'refused', reason: 'it was undone already, by run 7' } as const)
    await rig.withWorker(standInUndo(calls, { openUndo }), async () => {
      const window = await openWindow(rig, hour)
      assert.equal(await refusalOf(ask(window)), 'it was undone already, by run 7')
      await window.signal('requestUndo', wish)
      await window.signal('requestUndo', { by: '' })
      await window.signal('requestundo', wish)
      await until(async () => (await status(window)).ignoredMessages.length === 3)
      // The first one asks the database and so is told last.
      assert.deepEqual([...(await status(window)).ignoredMessages].sort(), [
        'signal requestUndo: "by" must be a text that is not empty',
        'signal requestUndo: it was undone already, by run 7',
        'signal requestundo: there is no such signal; requestUndo is known',
      ])
      assert.ok(!calls.includes('carryOutUndo'))
      await window.terminate()
    })
  })

  it('refuses an argument that is none before it enters the history', async () => {
    await rig.withWorker(standInUndo([]), async () => {
      const window = await openWindow(rig, hour)
      const asked = window.executeUpdate('requestUndo', { args: [{ by: 'operator-7' }] })
      assert.equal(await refusalOf(asked), '"reason" must be a text that is not empty')
      await window.terminate()
    })
  })

  it('waits for an import that is applying', async () => {
    const calls: Calls = []
    let release: () => void = () => undefined
    const applying = new Promise<void>((resolve) => {
      release = resolve
    })
    const applyPlan = async () => {
      await applying
      return { kind: 'applied', actions: someActions } as const
    }
    const activities = { ...standInUndo(calls), ...standInActivities(calls, { applyPlan }) }
    await rig.withWorker(activities, async () => {
      const run = await rig.start()
      await until(() => calls.includes('applyPlan:all'))
      const window = await openWindow(rig, hour)
      await ask(window)
      await until(async () => (await status(window)).details.includes('Waiting for an import'))
      assert.ok(!calls.includes('carryOutUndo'))
      release()
      await run.result()
      await until(() => calls.includes('closeUndo:done'))
      await window.terminate()
    })
  })

  it('ends the undo as not carried out when another run was faster', async () => {
    const calls: Calls = []
    const carryOutUndo = () => Promise.resolve({ obstacle: 'only the last run can be undone' })
    const closeUndo = () => Promise.resolve({ ...closedUndo, state: 'discarded' } as const)
    await rig.withWorker(standInUndo(calls, { carryOutUndo, closeUndo }), async () => {
      const window = await openWindow(rig, hour)
      await ask(window)
      await until(async () => (await status(window)).details.includes('not carried out'))
      assert.ok(calls.includes('closeUndo:notCarriedOut'))
      await window.terminate()
    })
  })

  it('goes on after a failure when it is asked again', async () => {
    const calls: Calls = []
    let tries = 0
    const carryOutUndo = () => {
      tries += 1
      if (tries === 1) throw ApplicationFailure.nonRetryable('a defect', 'INTERNAL_ERROR')
      return Promise.resolve({ obstacle: null })
    }
    await rig.withWorker(standInUndo(calls, { carryOutUndo }), async () => {
      const window = await openWindow(rig, hour)
      await ask(window)
      await until(() => calls.includes('closeUndo:failed'))
      await ask(window)
      await until(() => calls.includes('closeUndo:done'))
      await window.terminate()
    })
  })

  it('ends a begun undo although somebody cancels the window', async () => {
    const calls: Calls = []
    let release: () => void = () => undefined
    const undoing = new Promise<void>((resolve) => {
      release = resolve
    })
    const carryOutUndo = async () => {
      await undoing
      return { obstacle: null }
    }
    await rig.withWorker(standInUndo(calls, { carryOutUndo }), async () => {
      const window = await openWindow(rig, hour)
      await ask(window)
      await until(() => calls.includes('carryOutUndo'))
      await window.cancel()
      release()
      await until(() => calls.includes('closeUndo:done'))
      await assert.rejects(window.result())
    })
  })

  it('of an undo that changed records is opened too', async () => {
    const calls: Calls = []
    const ownRunId = randomUUID()
    const openUndo = () => Promise.resolve({ kind: 'opened', undoRunId: ownRunId, heartbeatMs: 30_000 } as const)
    const undoUntil = new Date(Date.now() + hour).toISOString()
    const closeUndo = () => Promise.resolve({ ...closedUndo, undoUntil })
    await rig.withWorker(standInUndo(calls, { openUndo, closeUndo }), async () => {
      const window = await openWindow(rig, hour)
      await ask(window)
      await until(() => calls.includes('closeUndo:done'))
      const own = rig.client.workflow.getHandle(`undo/${ownRunId}`) as WindowHandle // started by name
      await until(async () => (await own.describe().catch(() => undefined)) !== undefined)
      assert.equal((await status(own)).undoUntil, undoUntil)
      await own.terminate()
      await window.terminate()
    })
  })
})
