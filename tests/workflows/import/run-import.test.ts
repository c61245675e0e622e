import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { ApplicationFailure } from '@temporalio/common'
import { standInActivities, type Calls } from '../stand-in-activities.ts'
import { useWorkflowRig } from '../workflow-rig.ts'

const rig = useWorkflowRig()

describe('a run whose plan meets no limit', () => {
  it('goes from its input to its records without asking anybody', async () => {
    const calls: Calls = []
    await rig.withWorker(standInActivities(calls), async () => {
      const handle = await rig.start()
      assert.deepEqual(await handle.result(), { state: 'completed', undoUntil: null })
    })
    assert.deepEqual(calls, [
      'openRun',
      'stageRun',
      'buildPlan',
      'applyPlan:all',
      'closeRun:applied',
      'listOlderHeldRuns',
    ])
  })

  it('reads well in Temporal: summary, search attributes, status', async () => {
    await rig.withWorker(standInActivities([]), async () => {
      const runId = randomUUID()
      const handle = await rig.start({ runId })
      await handle.result()
      const description = await handle.describe()
      assert.equal(await description.staticSummary(), `Import of students for ${rig.district}`)
      const attributes = new Map(
        description.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value] as const),
      )
      assert.equal(attributes.get('RollbookDistrict'), rig.district)
      assert.equal(attributes.get('RollbookRunId'), runId)
      assert.equal(attributes.get('RollbookState'), 'completed')
      const status = await handle.query<{ state: string; details: string }>('status')
      assert.equal(status.state, 'completed')
      assert.match(status.details, /Import Completed/)
      assert.match(status.details, /76 to deactivate/)
    })
  })
})

describe('a run that has nothing to apply', () => {
  it('ends after the plan when it is a test', async () => {
    const calls: Calls = []
    const openRun = () => Promise.resolve({ isTest: true, approveHold: false, isUnchanged: false, heartbeatMs: 30_000 })
    await rig.withWorker(standInActivities(calls, { openRun }), async () => {
      assert.equal((await (await rig.start()).result()).state, 'tested')
    })
    assert.deepEqual(calls, ['openRun', 'stageRun', 'buildPlan', 'closeRun:tested'])
  })

  it('reads nothing when the input is the one applied last', async () => {
    const calls: Calls = []
    const openRun = () => Promise.resolve({ isTest: false, approveHold: false, isUnchanged: true, heartbeatMs: 30_000 })
    await rig.withWorker(standInActivities(calls, { openRun }), async () => {
      assert.equal((await (await rig.start()).result()).state, 'unchanged')
    })
    assert.deepEqual(calls, ['openRun', 'closeRun:unchanged', 'listOlderHeldRuns'])
  })

  it('plans nothing when the input is refused', async () => {
    const calls: Calls = []
    const findings = { block: 1, error: 0, warning: 0, info: 0 }
    const stageRun = () => Promise.resolve({ isUsable: false, rowsRead: 0, stagedCount: 0, findings })
    await rig.withWorker(standInActivities(calls, { stageRun }), async () => {
      assert.equal((await (await rig.start()).result()).state, 'cancelled')
    })
    assert.deepEqual(calls, ['openRun', 'stageRun', 'closeRun:refused'])
  })
})

describe('a run with a step that fails', () => {
  it('goes on when the step succeeds at a later try', async () => {
    const calls: Calls = []
    let tries = 0
    const buildPlan = () => {
      tries += 1
      if (tries < 3) throw ApplicationFailure.retryable('The database did not answer.', 'DATABASE_UNAVAILABLE')
      return standInActivities([]).buildPlan({ districtId: '', runId: '' })
    }
    await rig.withWorker(standInActivities(calls, { buildPlan }), async () => {
      assert.equal((await (await rig.start()).result()).state, 'completed')
    })
    assert.equal(calls.filter((call) => call === 'buildPlan').length, 3)
  })

  it('is closed with the code of the failure when no try can help', async () => {
    const calls: Calls = []
    const closed: unknown[] = []
    const stageRun = () => {
      throw ApplicationFailure.nonRetryable('The archived input is no longer kept.', 'INPUT_MISSING')
    }
    const activities = standInActivities(calls, {
      stageRun,
      closeRun: ({ outcome }) => {
        closed.push(outcome)
        return Promise.resolve({ state: 'cancelled', undoUntil: null })
      },
    })
    await rig.withWorker(activities, async () => {
      const handle = await rig.start()
      await assert.rejects(handle.result())
    })
    assert.deepEqual(closed, [{ kind: 'failed', code: 'INPUT_MISSING' }])
    assert.deepEqual(calls, ['openRun', 'stageRun', 'closeRun:failed'])
  })

  it('is closed with the code of a failure inside the apply', async () => {
    const calls: Calls = []
    const applyPlan = () => {
      throw ApplicationFailure.nonRetryable('defect', 'INTERNAL_ERROR')
    }
    await rig.withWorker(standInActivities(calls, { applyPlan }), async () => {
      const handle = await rig.start()
      await assert.rejects(handle.result())
    })
    assert.equal(calls.at(-1), 'closeRun:failed')
  })
})

describe('records that move while a run is under way', () => {
  it('make it stage and plan again', async () => {
    const calls: Calls = []
    let applies = 0
    const applyPlan: ReturnType<typeof standInActivities>['applyPlan'] = (request) => {
      applies += 1
      return applies === 1 ? Promise.resolve({ kind: 'stale' }) : standInActivities([]).applyPlan(request)
    }
    await rig.withWorker(standInActivities(calls, { applyPlan }), async () => {
      assert.equal((await (await rig.start()).result()).state, 'completed')
    })
    const round = ['openRun', 'stageRun', 'buildPlan', 'applyPlan:all']
    assert.deepEqual(calls, [...round, ...round, 'closeRun:applied', 'listOlderHeldRuns'])
  })

  it('end it when every plan is stale', async () => {
    const calls: Calls = []
    const applyPlan = () => Promise.resolve({ kind: 'stale' } as const)
    await rig.withWorker(standInActivities(calls, { applyPlan }), async () => {
      await assert.rejects((await rig.start()).result())
    })
    assert.equal(calls.filter((call) => call === 'stageRun').length, 5)
    assert.equal(calls.at(-1), 'closeRun:failed')
  })

  it('discard it when a newer run was applied', async () => {
    const calls: Calls = []
    const applyPlan = () => Promise.resolve({ kind: 'superseded', byRunId: 'a-newer-run' } as const)
    await rig.withWorker(standInActivities(calls, { applyPlan }), async () => {
      assert.equal((await (await rig.start()).result()).state, 'discarded')
    })
  })
})

describe('a run that is not the only one', () => {
  const opened = { isTest: false, approveHold: false, isUnchanged: false, heartbeatMs: 30_000 }

  it('is discarded when it is opened and a newer one took its place, and reads nothing', async () => {
    const calls: Calls = []
    const outcomes: unknown[] = []
    const activities = standInActivities(calls, {
      openRun: () => Promise.resolve({ ...opened, supersededBy: 'a-newer-run' }),
      closeRun: ({ outcome }) => {
        outcomes.push(outcome)
        return Promise.resolve({ state: 'discarded', undoUntil: null })
      },
    })
    await rig.withWorker(activities, async () => {
      assert.equal((await (await rig.start()).result()).state, 'discarded')
    })
    assert.deepEqual(calls, ['openRun', 'closeRun:discarded'])
    const reason = 'the newer run a-newer-run of the same data type takes its place'
    assert.deepEqual(outcomes, [{ kind: 'discarded', reason }])
  })

  it('waits for an undo that was asked for before it, and is then opened', async () => {
    const calls: Calls = []
    let opens = 0
    const openRun = () => Promise.resolve({ ...opened, ...(++opens < 3 && { waitsFor: 'an-undo' }) })
    await rig.withWorker(standInActivities(calls, { openRun }), async () => {
      assert.equal((await (await rig.start()).result()).state, 'completed')
    })
    assert.deepEqual(calls.slice(0, 4), ['openRun', 'openRun', 'openRun', 'stageRun'])
  })

  it('is given up when that undo would not end', async () => {
    const openRun = () => Promise.resolve({ ...opened, waitsFor: 'an-undo' })
    await rig.withWorker(standInActivities([], { openRun }), async () => {
      assert.equal((await (await rig.start({ timings: { turnWaitMs: 0 } })).result()).state, 'cancelled')
    })
  })

  it('lets an older one that has to come first apply before it', async () => {
    const calls: Calls = []
    let tries = 0
    const applyPlan: ReturnType<typeof standInActivities>['applyPlan'] = (request) =>
      ++tries < 3
        ? Promise.resolve({ kind: 'waits', forRunId: 'an-older-run' })
        : standInActivities([]).applyPlan(request)
    await rig.withWorker(standInActivities(calls, { applyPlan }), async () => {
      assert.equal((await (await rig.start()).result()).state, 'completed')
    })
    assert.equal(calls.filter((call) => call === 'applyPlan:all').length, 3)
    assert.equal(calls.filter((call) => call === 'stageRun').length, 1)
  })
})

describe('two runs of one district and data type', () => {
  it('apply one after the other', async () => {
    let applying = 0
    let most = 0
    const applyPlan: ReturnType<typeof standInActivities>['applyPlan'] = async (request) => {
      applying += 1
      most = Math.max(most, applying)
      await new Promise((resolve) => setTimeout(resolve, 300))
      applying -= 1
      return standInActivities([]).applyPlan(request)
    }
    await rig.withWorker(standInActivities([], { applyPlan }), async () => {
      const handles = await Promise.all([rig.start(), rig.start(), rig.start()])
      const ends = await Promise.all(handles.map((handle) => handle.result()))
      assert.deepEqual(
        ends.map((end) => end.state),
        ['completed', 'completed', 'completed'],
      )
    })
    assert.equal(most, 1)
  })

  it('leave another district alone', async () => {
    let isFirstApplying = false
    let sawBoth = false
    const waiting: (() => void)[] = []
    const applyPlan: ReturnType<typeof standInActivities>['applyPlan'] = async (request) => {
      if (isFirstApplying) {
        sawBoth = true
        waiting.forEach((go) => {
          go()
        })
      } else {
        isFirstApplying = true
        await new Promise<void>((resolve) => waiting.push(resolve))
      }
      return standInActivities([]).applyPlan(request)
    }
    await rig.withWorker(standInActivities([], { applyPlan }), async () => {
      const handles = await Promise.all([rig.start(), rig.start({ district: `${rig.district}-b` })])
      await Promise.all(handles.map((handle) => handle.result()))
    })
    assert.equal(sawBoth, true)
  })

  it('give up when the turn does not come', async () => {
    let release = (): void => undefined
    const applyPlan: ReturnType<typeof standInActivities>['applyPlan'] = async (request) => {
      await new Promise<void>((resolve) => (release = resolve))
      return standInActivities([]).applyPlan(request)
    }
    const calls: Calls = []
    await rig.withWorker(standInActivities(calls, { applyPlan }), async () => {
      const first = await rig.start()
      while (!calls.includes('applyPlan:all')) await new Promise((resolve) => setTimeout(resolve, 20))
      const second = await rig.start({ timings: { turnWaitMs: 0 } })
      assert.equal((await second.result()).state, 'cancelled')
      release()
      assert.equal((await first.result()).state, 'completed')
    })
  })
})
