import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  findDelivery,
  listDeliveriesToStart,
  listDeliveryAttempts,
  reopenDelivery,
} from '../../../db/notify/deliveries.ts'
import { claimDelivery, endAttempt, giveUpDelivery, startSending } from '../../../db/notify/delivery-claims.ts'
import { useEventRig, type Outbox } from './event-rig.ts'

const rig = useEventRig()

async function giveDelivery(): Promise<{ outbox: Outbox; deliveryId: string }> {
  const outbox = await rig.giveDistrict()
  await outbox.happens({ kind: 'runCompleted' })
  await outbox.route()
  const { districtId } = outbox
  const [delivery] = await outbox.in((trx) => listDeliveriesToStart(trx, { districtId, staleMs: 1000, limit: 10 }))
  return { outbox, deliveryId: delivery?.id ?? '' }
}

const claim = (outbox: Outbox, deliveryId: string, leaseMs = 60_000) =>
  outbox.in((trx) => claimDelivery(trx, { deliveryId, round: 1, leaseMs }))
const find = (outbox: Outbox, deliveryId: string) => outbox.in((trx) => findDelivery(trx, deliveryId))
const sent = { state: 'sent', code: '250', isInDoubt: false, tookMs: 5 } as const

describe('a delivery', () => {
  it('is claimed by one of many who want it at once', async () => {
    const { outbox, deliveryId } = await giveDelivery()
    const claims = await Promise.all(Array.from({ length: 5 }, () => claim(outbox, deliveryId)))
    assert.deepEqual(claims.map(({ kind }) => kind).sort(), ['busy', 'busy', 'busy', 'busy', 'claimed'])
  })

  it('is not in doubt when whoever had claimed it was killed before it began to send', async () => {
    const { outbox, deliveryId } = await giveDelivery()
    await claim(outbox, deliveryId, 1)
    await sleep(5)
    const second = await claim(outbox, deliveryId)
    assert.equal(second.kind === 'claimed' && second.delivery.isInDoubt, false)
    assert.equal(second.kind === 'claimed' && second.delivery.attempts, 2)
  })

  it('is in doubt when it was killed while it was sending', async () => {
    const { outbox, deliveryId } = await giveDelivery()
    await claim(outbox, deliveryId, 1)
    assert.equal(await outbox.in((trx) => startSending(trx, { deliveryId, attemptNo: 1 })), true)
    await sleep(5)
    const second = await claim(outbox, deliveryId)
    assert.equal(second.kind === 'claimed' && second.delivery.isInDoubt, true)
  })

  it('is not sent by one whose claim another has taken over', async () => {
    const { outbox, deliveryId } = await giveDelivery()
    await claim(outbox, deliveryId, 1)
    await sleep(5)
    await claim(outbox, deliveryId)
    assert.equal(await outbox.in((trx) => startSending(trx, { deliveryId, attemptNo: 1 })), false)
    await outbox.in((trx) => endAttempt(trx, { deliveryId, attemptNo: 1, end: sent }))
    assert.equal((await find(outbox, deliveryId))?.state, 'claimed')
  })

  it('is over when it was sent, whoever asks and however often', async () => {
    const { outbox, deliveryId } = await giveDelivery()
    await claim(outbox, deliveryId)
    for (let count = 0; count < 2; count++) {
      await outbox.in((trx) => endAttempt(trx, { deliveryId, attemptNo: 1, end: sent }))
    }
    assert.deepEqual(await claim(outbox, deliveryId), { kind: 'over' })
    assert.equal(await outbox.in((trx) => giveUpDelivery(trx, { deliveryId, round: 1 })), undefined)
    const attempts = await outbox.in((trx) => listDeliveryAttempts(trx, deliveryId))
    assert.deepEqual(
      attempts.map(({ attemptNo, code }) => [attemptNo, code]),
      [[1, '250']],
    )
  })

  it('that is asked for again begins a round of its own, which the attempts of the old one do not touch', async () => {
    const { outbox, deliveryId } = await giveDelivery()
    assert.equal(await outbox.in((trx) => reopenDelivery(trx, deliveryId)), undefined)
    await claim(outbox, deliveryId)
    await outbox.in((trx) => endAttempt(trx, { deliveryId, attemptNo: 1, end: sent }))
    assert.equal((await outbox.in((trx) => reopenDelivery(trx, deliveryId)))?.round, 2)
    assert.deepEqual(await claim(outbox, deliveryId), { kind: 'over' })
    const second = await outbox.in((trx) => claimDelivery(trx, { deliveryId, round: 2, leaseMs: 1000 }))
    assert.equal(second.kind, 'claimed')
  })
})
