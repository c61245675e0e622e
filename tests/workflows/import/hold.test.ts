import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { WorkflowUpdateFailedError } from '@temporalio/client'
import type { BuiltPlan, ImportActivities, RunOutcome } from '../../../activities/interface.ts'
import type { RunStatus } from '../../../workflows/messages.ts'
import { until } from '../../harness/until.ts'
import { metLimit, someActions, standInActivities, type Calls } from '../stand-in-activities.ts'
import { useWorkflowRig, type RunHandle } from '../workflow-rig.ts'

const rig = useWorkflowRig()

const deactivationsHeld: BuiltPlan = { actions: someActions, metLimits: [metLimit(76)], keptBack: 'deactivations' }
const allHeld: BuiltPlan = { actions: someActions, metLimits: [metLimit(900, 'updates')], keptBack: 'all' }

function plans(...built: BuiltPlan[]): Pick<ImportActivities, 'buildPlan'> {
  let round = -1
  return {
    buildPlan: () => {
      round += 1
      return Promise.resolve(built[Math.min(round, built.length - 1)] ?? allHeld)
    },
  }
}

async function whenHeld(handle: RunHandle): Promise<RunStatus> {
  for (;;) {
    const status = await handle.query<RunStatus>('status')
    if (status.state === 'held') return status
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

describe('a plan that would remove too many', () => {
  it('adds and updates, waits for a person, and removes when it is approved', async () => {
    const calls: Calls = []
    await rig.withWorker(standInActivities(calls, plans(deactivationsHeld)), async () => {
      const handle = await rig.start()
      await whenHeld(handle)
      // A run is held before it looks for older ones: a slow machine answers in between.
      await until(() => calls.includes('listOlderHeldRuns'))
      assert.deepEqual(calls.slice(3), ['applyPlan:safe', 'holdForReview', 'listOlderHeldRuns'])
      await handle.signal('decideHold', { decision: 'approve', by: 'operator-7' })
      assert.equal((await handle.result()).state, 'completed')
    })
    assert.deepEqual(calls.slice(6), [
      'recordHoldDecision:approve',
      'applyPlan:deactivations',
      'closeRun:applied',
      'listOlderHeldRuns',
    ])
  })

  it('removes nobody when it is discarded', async () => {
    const calls: Calls = []
    await rig.withWorker(standInActivities(calls, plans(deactivationsHeld)), async () => {
      const handle = await rig.start()
      await whenHeld(handle)
      const answer = await handle.executeUpdate('decideHold', { args: [{ decision: 'discard', by: 'operator-7' }] })
      assert.deepEqual(answer, { runId: handle.workflowId.split('/').at(-1), isAccepted: true })
      assert.equal((await handle.result()).state, 'discarded')
    })
    assert.deepEqual(calls.slice(6), ['recordHoldDecision:discard', 'closeRun:discarded'])
  })

  it('says in the current details what was met and the very JSON to send', async () => {
    await rig.withWorker(standInActivities([], plans(deactivationsHeld)), async () => {
      const handle = await rig.start()
      const status = await whenHeld(handle)
      assert.deepEqual(status.metLimits, [metLimit(76)])
      assert.match(status.details, /deactivations, whole district: 76 records, 42 % \(limit 10 %\)/)
      assert.match(status.details, /\{"decision":"approve","by":"<who decides>"\}/)
      assert.ok(status.reviewUntil !== null && status.details.includes(status.reviewUntil))
      const attributes = (await handle.describe()).typedSearchAttributes.getAll()
      assert.equal(attributes.find(({ key }) => key.name === 'RollbookHeldLimits')?.value, 1)
      assert.equal(attributes.find(({ key }) => key.name === 'RollbookState')?.value, 'held')
      await handle.signal('decideHold', { decision: 'discard', by: 'operator-7' })
      await handle.result()
    })
  })

  it('is applied whole when its hold was approved at the start', async () => {
    const calls: Calls = []
    const openRun = () => Promise.resolve({ isTest: false, approveHold: true, isUnchanged: false, heartbeatMs: 30_000 })
    await rig.withWorker(standInActivities(calls, { openRun, ...plans(deactivationsHeld) }), async () => {
      assert.equal((await (await rig.start()).result()).state, 'completed')
    })
    assert.deepEqual(calls.slice(3, 5), ['recordHoldDecision:approve', 'applyPlan:all'])
  })
})

describe('a plan that is in doubt altogether', () => {
  it('applies nothing before it is approved', async () => {
    const calls: Calls = []
    await rig.withWorker(standInActivities(calls, plans(allHeld)), async () => {
      const handle = await rig.start()
      await whenHeld(handle)
      assert.ok(!calls.some((call) => call.startsWith('applyPlan')))
      await handle.executeUpdate('decideHold', { args: [{ decision: 'approve', by: 'operator-7' }] })
      assert.equal((await handle.result()).state, 'completed')
    })
    assert.ok(calls.includes('applyPlan:all'))
  })

  it('is discarded when nobody decides in time', async () => {
    const outcomes: RunOutcome[] = []
    const activities = standInActivities([], {
      ...plans(allHeld),
      closeRun: ({ outcome }) => {
        outcomes.push(outcome)
        return Promise.resolve({ state: 'discarded', undoUntil: null })
      },
    })
    await rig.withWorker(activities, async () => {
      await (await rig.start({ timings: { reviewMs: 300 } })).result()
    })
    assert.equal(outcomes.length, 1)
    assert.match(JSON.stringify(outcomes[0]), /nobody decided until/)
  })
})

describe('a held run whose records move before it is applied', () => {
  const staleOnce = (): Pick<ImportActivities, 'applyPlan'> => {
    let applies = 0
    return {
      applyPlan: (request) => {
        applies += 1
        return applies === 1 ? Promise.resolve({ kind: 'stale' }) : standInActivities([]).applyPlan(request)
      },
    }
  }

  it('is held again when that made the plan worse', async () => {
    const calls: Calls = []
    const worse: BuiltPlan = { ...allHeld, metLimits: [metLimit(901, 'updates')] }
    await rig.withWorker(standInActivities(calls, { ...plans(allHeld, worse), ...staleOnce() }), async () => {
      const handle = await rig.start()
      await whenHeld(handle)
      await handle.executeUpdate('decideHold', { args: [{ decision: 'approve', by: 'operator-7' }] })
      await until(() => calls.filter((call) => call === 'holdForReview').length === 2)
      await whenHeld(handle)
      await handle.executeUpdate('decideHold', { args: [{ decision: 'discard', by: 'operator-7' }] })
      assert.equal((await handle.result()).state, 'discarded')
    })
  })

  it('is applied without a second question when the plan asks for no more than was approved', async () => {
    const calls: Calls = []
    const better: BuiltPlan = { ...allHeld, metLimits: [metLimit(899, 'updates')] }
    await rig.withWorker(standInActivities(calls, { ...plans(allHeld, better), ...staleOnce() }), async () => {
      const handle = await rig.start()
      await whenHeld(handle)
      await handle.executeUpdate('decideHold', { args: [{ decision: 'approve', by: 'operator-7' }] })
      assert.equal((await handle.result()).state, 'completed')
    })
    assert.equal(calls.filter((call) => call === 'holdForReview').length, 1)
  })
})

describe('a held run when a newer one comes', () => {
  it('is discarded and names the newer run', async () => {
    const outcomes: RunOutcome[] = []
    let older: { runId: string; workflowId: string } | undefined
    const newerRunId = randomUUID()
    let isNewer = false
    const activities = standInActivities([], {
      buildPlan: (run) => {
        isNewer = run.runId === newerRunId
        return Promise.resolve(isNewer ? { ...allHeld, metLimits: [], keptBack: 'none' } : allHeld)
      },
      listOlderHeldRuns: (run) => Promise.resolve(run.runId === newerRunId && older !== undefined ? [older] : []),
      closeRun: ({ outcome }) => {
        outcomes.push(outcome)
        return Promise.resolve({ state: outcome.kind === 'applied' ? 'completed' : 'discarded', undoUntil: null })
      },
    })
    await rig.withWorker(activities, async () => {
      const runId = randomUUID()
      const first = await rig.start({ runId })
      await whenHeld(first)
      older = { runId, workflowId: first.workflowId }
      const second = await rig.start({ runId: newerRunId })
      assert.equal((await second.result()).state, 'completed')
      assert.equal((await first.result()).state, 'discarded')
    })
    assert.match(JSON.stringify(outcomes.at(-1)), new RegExp(newerRunId))
  })

  it('is closed by the newer run when its own workflow is gone', async () => {
    const closed: string[] = []
    const goneRunId = randomUUID()
    const gone = { runId: goneRunId, workflowId: `import/${rig.district}/students/${goneRunId}` }
    const activities = standInActivities([], {
      listOlderHeldRuns: () => Promise.resolve([gone]),
      closeRun: ({ runId, outcome }) => {
        closed.push(`${runId === goneRunId ? 'gone' : 'own'}:${outcome.kind}`)
        return Promise.resolve({ state: 'completed', undoUntil: null })
      },
    })
    await rig.withWorker(activities, async () => {
      await (await rig.start()).result()
    })
    assert.deepEqual(closed, ['own:applied', 'gone:discarded'])
  })
})

describe('a run that would be held when a newer one is applied', () => {
  it('is discarded, and nobody is asked', async () => {
    const calls: Calls = []
    const holdForReview = () => Promise.resolve({ supersededBy: 'a-newer-run' })
    await rig.withWorker(standInActivities(calls, { ...plans(allHeld), holdForReview }), async () => {
      assert.equal((await (await rig.start()).result()).state, 'discarded')
    })
    assert.deepEqual(calls.slice(3), ['holdForReview', 'closeRun:discarded'])
  })
})

describe('messages that cannot be used', () => {
  it('never stop a run: they are listed where people look', async () => {
    await rig.withWorker(standInActivities([], plans(allHeld)), async () => {
      const handle = await rig.start()
      await whenHeld(handle)
      await handle.signal('decidehold', { decision: 'approve', by: 'operator-7' })
      await handle.signal('decideHold', 'approve')
      await handle.signal('decideHold', { decision: 'aprove', by: 'operator-7' })
      await handle.signal('decideHold', { decision: 'approve' })
      await handle.signal('cancelRun', [])
      const status = await handle.query<RunStatus>('status')
      assert.equal(status.state, 'held')
      assert.equal(status.ignoredMessages.length, 5)
      assert.match(status.details, /signal decidehold: there is no such signal/)
      await handle.signal('decideHold', { decision: 'discard', by: 'operator-7' })
      assert.equal((await handle.result()).state, 'discarded')
    })
  })

  it('are refused with the reason when they come as an update', async () => {
    await rig.withWorker(standInActivities([], plans(allHeld)), async () => {
      const handle = await rig.start()
      await whenHeld(handle)
      const refused = (args: [unknown], reason: RegExp): Promise<void> =>
        assert.rejects(
          handle.executeUpdate<unknown, [unknown]>('decideHold', { args }),
          (error) => error instanceof WorkflowUpdateFailedError && reason.test(String(error.cause?.message)),
        )
      await refused([{ decision: 'maybe', by: 'operator-7' }], /"decision" must be/)
      await refused([{ decision: 'approve', by: '' }], /"by" must be/)
      await refused([null], /one JSON object/)
      await handle.executeUpdate('decideHold', { args: [{ decision: 'discard', by: 'operator-7' }] })
      await handle.result()
    })
  })

  it('include a decision that comes before anybody was asked', async () => {
    let go = (): void => undefined
    const stageRun: ImportActivities['stageRun'] = async (run) => {
      await new Promise<void>((resolve) => (go = resolve))
      return standInActivities([]).stageRun(run)
    }
    const calls: Calls = []
    await rig.withWorker(standInActivities(calls, { stageRun, ...plans(allHeld) }), async () => {
      const handle = await rig.start()
      await until(() => calls.includes('stageRun'))
      await handle.signal('decideHold', { decision: 'approve', by: 'operator-7' })
      go()
      const status = await whenHeld(handle)
      assert.match(status.details, /the run is not held for review/)
      await handle.signal('decideHold', { decision: 'discard', by: 'operator-7' })
      await handle.result()
    })
  })
})
