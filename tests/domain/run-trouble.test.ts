import assert from 'node:assert/strict'
import {
  describeTrouble,
  findRunTrouble,
  findStepAtWork,
  joinParts,
  type PendingWork,
} from '../../domain/run-trouble.ts'

const now = new Date('2026-11-22T10:00:00Z')
const seconds = (ago: number) => ({ seconds: { toString: () => String(now.getTime() / 1000 - ago) } })
type Activity = NonNullable<PendingWork['pendingActivities']>[number]
const scheduled = 1
const started = 2
const step = (activity: Partial<Activity>): PendingWork => ({
  pendingActivities: [{ activityType: { name: 'stageRun' }, attempt: 1, state: started, ...activity }],
})

describe('what keeps a run from getting on', () => {
  it('is nothing while a step is at work, or has just been asked for', () => {
    assert.equal(findRunTrouble({}, now), undefined)
    assert.equal(findRunTrouble(step({ lastStartedTime: seconds(3600) }), now), undefined)
    assert.equal(findRunTrouble(step({ state: scheduled, scheduledTime: seconds(19) }), now), undefined)
  })

  it('is a step that fails: how often, why in our words, and when it is tried again', () => {
    const failed = {
      attempt: 4,
      lastFailure: { message: 'The source did not answer.', applicationFailureInfo: { type: 'SOURCE_UNAVAILABLE' } },
    }
    const waiting = findRunTrouble(step({ ...failed, state: scheduled, scheduledTime: seconds(-40) }), now)
    const facts = { step: 'stageRun', attempts: 3, code: 'SOURCE_UNAVAILABLE', detail: 'The source did not answer.' }
    assert.deepEqual(waiting, { ...facts, nextTryAt: '2026-11-22T10:00:40.000Z' })
    assert.deepEqual(findRunTrouble(step({ ...failed, scheduledTime: seconds(5) }), now), { ...facts, nextTryAt: null })
    assert.equal(
      describeTrouble({ ...facts, nextTryAt: '2026-11-22T10:00:40.000Z' }),
      'reading and checking the input: failed 3 times and is tried again. The source did not answer. [SOURCE_UNAVAILABLE]; next try 2026-11-22T10:00:40.000Z',
    )
  })

  it('is a worker that was lost, whatever Temporal says of it', () => {
    const lost = findRunTrouble(step({ attempt: 2, lastFailure: { message: 'activity Heartbeat timeout' } }), now)
    assert.equal(lost?.code, 'TIMED_OUT')
    assert.doesNotMatch(lost.detail, /timeout/)
  })

  it('is that no worker takes the step', () => {
    const trouble = findRunTrouble(step({ state: scheduled, scheduledTime: seconds(20) }), now)
    assert.deepEqual([trouble?.code, trouble?.attempts], ['NO_WORKER', 0])
  })

  it('is the workflow itself, and of several the one that failed most often', () => {
    const pendingActivities = [
      { activityType: { name: 'a' }, attempt: 2, state: started },
      { activityType: { name: 'b' }, attempt: 5, state: started },
    ]
    assert.equal(findRunTrouble({ pendingActivities, pendingWorkflowTask: { attempt: 4 } }, now)?.step, 'b')
    assert.equal(findRunTrouble({ pendingActivities, pendingWorkflowTask: { attempt: 9 } }, now)?.step, 'workflow')
    assert.equal(findRunTrouble({ pendingWorkflowTask: { attempt: 1 } }, now), undefined)
  })
})

describe('the step at work', () => {
  it('is the one that began first; one that waits for a worker is at no work', () => {
    const pendingActivities = [
      { activityType: { name: 'waits' }, state: scheduled, lastStartedTime: seconds(900) },
      { activityType: { name: 'late' }, state: started, lastStartedTime: seconds(10) },
      { activityType: { name: 'early' }, state: started, lastStartedTime: seconds(600) },
    ]
    assert.deepEqual(findStepAtWork({ pendingActivities }), {
      step: 'early',
      startedAt: new Date('2026-11-22T09:50:00Z'),
    })
    assert.equal(findStepAtWork({ pendingActivities: [] }), undefined)
  })
})

describe('a run of which a part has a workflow of its own', () => {
  it('has the troubles of that part, and not those of what outlives it', async () => {
    const run: PendingWork = {
      pendingActivities: [],
      pendingChildren: [
        { workflowId: 'apply/lincoln/students', workflowTypeName: 'applyImport' },
        { workflowId: 'undo/7', workflowTypeName: 'undoWindow' },
      ],
    }
    const asked: string[] = []
    const joinWith = (part: PendingWork) =>
      joinParts(run, (id) => {
        asked.push(id)
        return Promise.resolve({ raw: part })
      })
    const applying = { activityType: { name: 'applyPlan' }, attempt: 3, state: started, lastStartedTime: seconds(400) }
    const whole = await joinWith({ pendingActivities: [applying] })
    assert.deepEqual(asked, ['apply/lincoln/students'])
    assert.equal(findRunTrouble(whole, now)?.step, 'applyPlan')
    assert.equal(findStepAtWork(whole)?.step, 'applyPlan')
    assert.equal(findRunTrouble(await joinWith({ pendingWorkflowTask: { attempt: 5 } }), now)?.attempts, 4)
  })

  it('has none of a part that has ended since', async () => {
    const run: PendingWork = { pendingChildren: [{ workflowId: 'apply/x/y', workflowTypeName: 'applyUndo' }] }
    const gone = await joinParts(run, () => Promise.reject(new Error('not found')))
    assert.equal(findRunTrouble(gone, now), undefined)
  })
})
