import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { ApplicationFailure } from '@temporalio/common'
import type { NotificationActivities } from '../../../activities/interface.ts'
import type { DeliveryInput } from '../../../workflows/notify/deliver.ts'
import { standInActivities } from '../stand-in-activities.ts'
import { testDistrictId, useWorkflowRig } from '../workflow-rig.ts'

const rig = useWorkflowRig()
const quick = { firstPauseMs: 1, growth: 1, longestPauseMs: 1, totalMs: 600_000 }

async function deliver(
  type: 'deliverMail' | 'deliverWebhook',
  activities: Partial<NotificationActivities>,
  timings: DeliveryInput['timings'] = quick,
) {
  let eventCount = 0
  const deliveryId = randomUUID()
  await rig.withWorker(
    standInActivities([]),
    async () => {
      const input = { districtId: testDistrictId, deliveryId, round: 1, timings }
      const handle = await rig.startDelivery(type, input)
      await handle.result()
      eventCount = (await handle.fetchHistory()).events?.length ?? 0
    },
    activities,
  )
  return { deliveryId, eventCount }
}

describe('a delivery', () => {
  it('is tried until it is over, with few events in its history however often that is', async () => {
    let attempts = 0
    const { eventCount } = await deliver('deliverWebhook', {
      sendWebhook: async () => {
        attempts += 1
        if (attempts < 8) throw ApplicationFailure.retryable('not yet', 'HTTP_503')
      },
    })
    assert.equal(attempts, 8)
    assert.ok(eventCount < 15, `${eventCount} events`)
  })

  it('is given up when its time is over, and that is announced', async () => {
    const calls: string[] = []
    const { deliveryId } = await deliver(
      'deliverMail',
      {
        sendMail: () => Promise.reject(ApplicationFailure.retryable('no', 'SMTP_451')),
        giveUpDelivery: async (delivery) => void calls.push(`giveUp ${delivery.deliveryId} ${delivery.round}`),
        announceEvents: async ({ districtId }) => void calls.push(`announce ${districtId}`),
      },
      { ...quick, totalMs: 300 },
    )
    assert.deepEqual(calls, [`giveUp ${deliveryId} 1`, `announce ${testDistrictId}`])
  })
})

describe('a run', () => {
  it('announces its end after it is closed, and ends well when that fails', async () => {
    const calls: string[] = []
    await rig.withWorker(
      standInActivities(calls),
      async () => {
        const closed = await (await rig.start()).result()
        assert.equal(closed.state, 'completed')
      },
      {
        announceEvents: () => {
          calls.push('announceEvents')
          return Promise.reject(ApplicationFailure.nonRetryable('no'))
        },
      },
    )
    assert.deepEqual(calls.slice(-3), ['closeRun:applied', 'announceEvents', 'listOlderHeldRuns'])
  })

  it('that changes nothing leaves its announcement to the sweep', async () => {
    const calls: string[] = []
    const isUnchanged = { isTest: false, approveHold: false, isUnchanged: true, heartbeatMs: 30_000 }
    await rig.withWorker(
      standInActivities(calls, { openRun: () => Promise.resolve(isUnchanged) }),
      async () => {
        await (await rig.start()).result()
      },
      { announceEvents: async () => void calls.push('announceEvents') },
    )
    assert.ok(!calls.includes('announceEvents'))
  })
})
