import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { ApplicationFailure } from '@temporalio/common'
import type { UndoActivities } from '../../../activities/interface.ts'
import { until } from '../../harness/until.ts'
import { someActions, standInActivities, type Calls } from '../stand-in-activities.ts'
import { closedUndo, openWindow, standInUndo, startThrough } from './undo-rig.ts'
import { useWorkflowRig } from '../workflow-rig.ts'

const rig = useWorkflowRig()
const threeRuns = () => [randomUUID(), randomUUID(), randomUUID()] as const

/** What was done of which run, in order: `undone` is the run itself with a mark, so that the two can be told apart. */
function standInMany(story: string[], changed: Partial<UndoActivities> = {}): Partial<UndoActivities> {
  return {
    openUndo: ({ runId }) => {
      story.push(`open ${runId}`)
      return Promise.resolve({ kind: 'opened', undoRunId: `undo-of-${runId}`, heartbeatMs: 30_000 })
    },
    carryOutUndo: ({ runId }) => {
      story.push(`carry out ${runId}`)
      return Promise.resolve({ obstacle: null })
    },
    closeUndo: ({ runId, outcome }) => {
      story.push(`close ${runId}`)
      const state = { done: 'completed', notCarriedOut: 'discarded', failed: 'cancelled' } as const
      return Promise.resolve({ ...closedUndo, state: state[outcome.kind] })
    },
    ...changed,
  }
}

const whole = (runId: string) => [`open ${runId}`, `carry out undo-of-${runId}`, `close undo-of-${runId}`]

describe('the undo of a run with what came after it', () => {
  it('undoes one after the other, the newest first, as it was confirmed', async () => {
    const story: string[] = []
    const runIds = threeRuns()
    const wishes: Parameters<UndoActivities['openUndoThrough']>[0][] = []
    const workflowIds: (string | undefined)[] = []
    const { openUndo } = standInMany(story)
    const activities = standInMany(story, {
      openUndoThrough: (wish) => {
        wishes.push(wish)
        return Promise.resolve({ isOpen: true, stoppedReason: null })
      },
      openUndo: (wish) => {
        workflowIds.push(wish.throughWorkflowId)
        return openUndo?.(wish) ?? Promise.reject(new Error('there is one'))
      },
    })
    const calls: Calls = []
    await rig.withWorker(standInUndo(calls, activities), async () => {
      const handle = await startThrough(rig, runIds)
      assert.deepEqual(await handle.result(), { undoneRunIds: runIds, stoppedReason: null })
      assert.deepEqual(story, runIds.flatMap(whole))
      assert.equal(calls.at(-1), 'closeUndoThrough')
      assert.deepEqual([wishes[0]?.throughId, wishes[0]?.runIds], [handle.firstExecutionRunId, [...runIds]])
      assert.deepEqual(new Set(workflowIds), new Set([handle.workflowId]))
    })
  })

  it('begins nothing when the database says no', async () => {
    const story: string[] = []
    const openUndoThrough = () => Promise.resolve({ isOpen: false, stoppedReason: 'its undo window ended' })
    await rig.withWorker(standInUndo([], standInMany(story, { openUndoThrough })), async () => {
      const handle = await startThrough(rig, threeRuns())
      assert.deepEqual(await handle.result(), { undoneRunIds: [], stoppedReason: 'its undo window ended' })
      assert.deepEqual(story, [])
    })
  })

  for (const [name, reason, how] of [
    ['is refused', /^run .* could not be undone: run 7 changed the records$/, 'openUndo'],
    ['is overtaken', /^run .* was not undone: another run changed the records before its turn came$/, 'obstacle'],
    ['fails', /^the undo of run .* was stopped by a failure; ask again/, 'carryOutUndo'],
    ['fails to be closed', /^the undo of run .* was stopped by a failure \(DEFECT\); ask again/, 'closeUndo'],
  ] as const) {
    it(`leaves the rest as it was when one in the middle ${name}, and says which`, async () => {
      const story: string[] = []
      const [newest, middle, oldest] = threeRuns()
      const usual = standInMany(story)
      const fail = () => Promise.reject(ApplicationFailure.nonRetryable('a defect', 'DEFECT'))
      const changed: Partial<UndoActivities> = {}
      const isMiddle = ({ runId }: { readonly runId: string }) => runId.includes(middle)
      if (how === 'openUndo') {
        changed.openUndo = (wish) =>
          isMiddle(wish)
            ? Promise.resolve({ kind: 'refused', reason: 'run 7 changed the records' })
            : (usual.openUndo?.(wish) ?? fail())
      } else if (how === 'closeUndo') {
        changed.closeUndo = (end) => (isMiddle(end) ? fail() : (usual.closeUndo?.(end) ?? fail()))
      } else {
        changed.carryOutUndo = (undo) => {
          if (!isMiddle(undo)) return usual.carryOutUndo?.(undo) ?? fail()
          return how === 'obstacle' ? Promise.resolve({ obstacle: 'overtaken' }) : fail()
        }
      }
      const calls: Calls = []
      await rig.withWorker(standInUndo(calls, { ...usual, ...changed }), async () => {
        const handle = await startThrough(rig, [newest, middle, oldest])
        const { undoneRunIds, stoppedReason } = await handle.result()
        assert.deepEqual(undoneRunIds, [newest])
        assert.match(stoppedReason ?? '', reason)
        assert.ok(stoppedReason?.includes(middle))
        assert.equal(calls.at(-1), `closeUndoThrough:${stoppedReason}`)
        assert.ok(!story.some((step) => step.includes(oldest)))
      })
    })
  }

  it('goes on where it was when its worker is gone between and within runs', async () => {
    const story: string[] = []
    const runIds = threeRuns()
    const usual = standInMany(story)
    let isKilled = false
    const carryOutUndo: UndoActivities['carryOutUndo'] = async (undo) => {
      if (!isKilled && undo.runId.includes(runIds[1])) throw new Error('the worker is killed')
      return usual.carryOutUndo?.(undo) ?? { obstacle: null }
    }
    const activities = standInUndo([], { ...usual, carryOutUndo })
    const [queue, handle] = await rig.withWorker(activities, async () => {
      const started = await startThrough(rig, runIds)
      await until(() => story.includes(`open ${runIds[1]}`))
      return [rig.taskQueue, started] as const
    })
    isKilled = true
    const goOn = async () => assert.deepEqual((await handle.result()).undoneRunIds, runIds)
    await rig.withWorker(activities, goOn, {}, { taskQueue: queue })
    assert.deepEqual(story, runIds.flatMap(whole))
  })

  it('waits for an import that is applying, and lets none in between', async () => {
    const story: string[] = []
    const calls: Calls = []
    let release: () => void = () => undefined
    const applying = new Promise<void>((resolve) => {
      release = resolve
    })
    const applyPlan = async () => {
      await applying
      return { kind: 'applied', actions: someActions } as const
    }
    const activities = { ...standInUndo(calls, standInMany(story)), ...standInActivities(calls, { applyPlan }) }
    await rig.withWorker(activities, async () => {
      const run = await rig.start()
      await until(() => calls.includes('applyPlan:all'))
      const [newest, , oldest] = threeRuns()
      const handle = await startThrough(rig, [newest, oldest])
      await until(() => story.includes(`open ${newest}`))
      assert.ok(!story.some((step) => step.startsWith('carry out')))
      release()
      await run.result()
      assert.deepEqual((await handle.result()).undoneRunIds, [newest, oldest])
    })
  })

  it('comes to its end although somebody cancels it', async () => {
    const story: string[] = []
    let release: () => void = () => undefined
    const undoing = new Promise<void>((resolve) => {
      release = resolve
    })
    const usual = standInMany(story)
    const carryOutUndo: UndoActivities['carryOutUndo'] = async (undo) => {
      await undoing
      return usual.carryOutUndo?.(undo) ?? { obstacle: null }
    }
    const calls: Calls = []
    await rig.withWorker(standInUndo(calls, standInMany(story, { carryOutUndo })), async () => {
      const runIds = threeRuns()
      const handle = await startThrough(rig, runIds)
      await until(() => calls.includes('carryOutUndo'))
      await handle.cancel()
      release()
      assert.deepEqual((await handle.result()).undoneRunIds, runIds)
    })
  })
})

describe('an undo window that ends while its run is taken back with others', () => {
  it('lets go of what undo needs only when that is over', async () => {
    const calls: Calls = []
    let isNeeded = true
    const purgeJournal = () => Promise.resolve(isNeeded ? { purgedRows: 0, isNeeded } : { purgedRows: 79, isNeeded })
    await rig.withWorker(standInUndo(calls, { purgeJournal }), async () => {
      const window = await openWindow(rig, 100)
      await until(() => calls.filter((call) => call === 'purgeJournal').length >= 2)
      isNeeded = false
      assert.deepEqual(await window.result(), { undoRunId: null, purgedRows: 79 })
    })
  })
})
