import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { ApplicationFailure } from '@temporalio/common'
import { createWebhookSender } from '../../../platform/webhook-sender.ts'
import { expireWebhookSecrets, findWebhook } from '../../../db/notify/webhooks.ts'
import { verifyWebhook, WebhookReceiver } from '../../platform/webhook-receiver.ts'
import { readDeliveries, useNotifyRig } from './notify-rig.ts'

const rig = useNotifyRig()
const noServer = 'smtp://127.0.0.1:1'

async function giveWebhook(receiver: WebhookReceiver, changed: Parameters<typeof rig.make>[1] = {}) {
  const outbox = await rig.giveDistrict([])
  const { id, secret } = await rig.giveWebhook(outbox, receiver.url)
  const { started, step } = rig.make(noServer, changed)
  await outbox.happens({ kind: 'runFailed', facts: { failureCode: 'INPUT_REFUSED' } })
  await step('announceEvents', { districtId: outbox.districtId })
  const [ref] = started
  assert.equal(ref?.channel, 'webhook')
  const { districtId, deliveryId, round } = ref
  return { outbox, step, id, secret, ref: { districtId, deliveryId, round } }
}

describe('sending a webhook', () => {
  it('posts to an address that an earlier release kept as it was', async () => {
    const receiver = await WebhookReceiver.start()
    const { outbox, step, id, ref } = await giveWebhook(receiver)
    const plain = { url: receiver.url, urlSealed: null, urlKeyId: null, urlShown: null }
    await outbox.in((trx) => trx.updateTable('webhooks').set(plain).where('id', '=', id).execute())
    await step('sendWebhook', ref)
    assert.equal(receiver.received.length, 1)
  })

  it('posts what a receiver can verify, once', async () => {
    const receiver = await WebhookReceiver.start()
    const { step, ref, secret, outbox } = await giveWebhook(receiver)
    for (let count = 0; count < 2; count++) await step('sendWebhook', ref)
    assert.equal(receiver.received.length, 1)
    const webhook = receiver.received[0]!
    assert.ok(verifyWebhook(webhook, secret))
    assert.ok(!verifyWebhook(webhook, `whsec_${Buffer.alloc(32).toString('base64')}`))
    assert.ok(!verifyWebhook({ ...webhook, body: webhook.body.replace('runFailed', 'runCompleted') }, secret))
    assert.ok(!verifyWebhook(webhook, secret, Date.now() + 3_600_000))
    assert.equal(webhook.headers['webhook-id'], ref.deliveryId)
    const { type, data } = JSON.parse(webhook.body) as { type: string; data: Record<string, unknown> }
    assert.equal(type, 'runFailed')
    assert.deepEqual(
      [data['district'], data['dataType'], data['facts']],
      [outbox.slug, 'students', { failureCode: 'INPUT_REFUSED' }],
    )
  })

  it('is signed with the old and the new secret while one takes the place of the other, and then with the new one', async () => {
    const receiver = await WebhookReceiver.start()
    const { step, ref, secret, outbox, id } = await giveWebhook(receiver)
    await outbox.in((trx) => expireWebhookSecrets(trx, id, new Date(Date.now() + 60_000)))
    const next = await rig.addSecret(outbox, id)
    await step('sendWebhook', ref)
    assert.ok(verifyWebhook(receiver.received[0]!, secret) && verifyWebhook(receiver.received[0]!, next))

    await outbox.in((trx) =>
      trx
        .updateTable('webhookSecrets')
        .set({ expiresAt: new Date(0) })
        .where('expiresAt', 'is not', null)
        .execute(),
    )
    const other = rig.make(noServer)
    await outbox.happens({ kind: 'runCompleted' })
    await other.step('announceEvents', { districtId: outbox.districtId })
    await other.step('sendWebhook', other.started[0]!)
    assert.ok(!verifyWebhook(receiver.received[1]!, secret) && verifyWebhook(receiver.received[1]!, next))
  })

  it('that throws is an attempt that failed, and says so', async () => {
    const receiver = await WebhookReceiver.start()
    const sendWebhook = () => Promise.reject(new Error('a defect'))
    const { step, ref, outbox } = await giveWebhook(receiver, { sendWebhook })
    await assert.rejects(step('sendWebhook', ref), (error) => {
      assert.ok(error instanceof ApplicationFailure && error.type === 'INTERNAL_ERROR')
      return true
    })
    const [delivery] = await readDeliveries(outbox)
    assert.deepEqual([delivery?.state, delivery?.attempts, delivery?.lastCode], ['pending', 1, 'INTERNAL_ERROR'])
  })

  it('is tried again under the same id when the receiver fails, when it asks to', async () => {
    const receiver = await WebhookReceiver.start()
    receiver.answer = { status: 503, headers: { 'retry-after': '90' } }
    const { step, ref, outbox, id } = await giveWebhook(receiver)
    await assert.rejects(step('sendWebhook', ref), (error) => {
      assert.ok(error instanceof ApplicationFailure)
      assert.deepEqual([error.type, error.nextRetryDelay, error.nonRetryable ?? false], ['HTTP_503', 90_000, false])
      return true
    })
    assert.ok((await outbox.in((trx) => findWebhook(trx, id)))?.failingSince)
    receiver.answer = { status: 204 }
    await step('sendWebhook', ref)
    const [first, second] = receiver.received
    assert.equal(first?.headers['webhook-id'], second?.headers['webhook-id'])
    assert.equal(first?.body, second?.body)
    assert.equal((await outbox.in((trx) => findWebhook(trx, id)))?.failingSince, null)
    assert.equal((await readDeliveries(outbox))[0]?.state, 'sent')
  })

  it('takes a redirect for a failure', async () => {
    const receiver = await WebhookReceiver.start()
    receiver.answer = { status: 301, headers: { location: receiver.url } }
    const { step, ref } = await giveWebhook(receiver)
    await assert.rejects(step('sendWebhook', ref))
    assert.equal(receiver.received.length, 1)
  })

  it('never reaches a private address unless that is allowed', async () => {
    const receiver = await WebhookReceiver.start()
    const { step, ref, outbox } = await giveWebhook(receiver, {
      sendWebhook: createWebhookSender({ allowsPrivate: false }),
    })
    await assert.rejects(step('sendWebhook', ref))
    assert.equal(receiver.received.length, 0)
    assert.equal((await readDeliveries(outbox))[0]?.lastCode, 'URL_UNSAFE')
  })

  it('ends with the webhook when the receiver says that it is gone', async () => {
    const receiver = await WebhookReceiver.start()
    receiver.answer = { status: 410 }
    const { step, ref, outbox, id } = await giveWebhook(receiver)
    await step('sendWebhook', ref)
    assert.equal((await outbox.in((trx) => findWebhook(trx, id)))?.isEnabled, false)
    assert.ok((await outbox.events()).some(({ kind }) => kind === 'webhookDisabled'))
  })

  it('is given up, and the webhook disabled when it has accepted nothing for long', async () => {
    const receiver = await WebhookReceiver.start()
    receiver.answer = { status: 500 }
    const { step, ref, outbox, id } = await giveWebhook(receiver, { disableAfterMs: 20 })
    await assert.rejects(step('sendWebhook', ref))
    await sleep(30)
    for (let count = 0; count < 2; count++) await step('giveUpDelivery', ref)
    assert.equal((await readDeliveries(outbox))[0]?.state, 'gaveUp')
    const webhook = await outbox.in((trx) => findWebhook(trx, id))
    assert.deepEqual([webhook?.isEnabled, webhook?.disabledReason?.includes('HTTP_500')], [false, true])
    assert.equal((await outbox.events()).filter(({ kind }) => kind === 'webhookDisabled').length, 1)
  })
})
