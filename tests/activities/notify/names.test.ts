import assert from 'node:assert/strict'
import { decodeHeader, decodeParts, namesOfManyScripts } from '../../fixtures/names.ts'
import { MailServer } from '../../platform/mail-server.ts'
import { verifyWebhook, WebhookReceiver } from '../../platform/webhook-receiver.ts'
import { useNotifyRig } from './notify-rig.ts'

const rig = useNotifyRig()

describe('a name', () => {
  it('is in subject and body of a mail as it is written, whatever its script', async () => {
    const smtp = await MailServer.start()
    const { started, step } = rig.make(smtp.url)
    for (const name of namesOfManyScripts) {
      started.length = 0
      const outbox = await rig.giveDistrict()
      await outbox.in((trx) =>
        trx.updateTable('districts').set({ name }).where('id', '=', outbox.districtId).executeTakeFirstOrThrow(),
      )
      await outbox.happens({ kind: 'runCompleted', runId: '0198a000-0000-7000-8000-00000000aaaa' })
      await step('announceEvents', { districtId: outbox.districtId })
      const [ref] = started
      assert.ok(ref)
      await step('sendMail', { districtId: ref.districtId, deliveryId: ref.deliveryId, round: ref.round })
      const content = smtp.taken.at(-1)?.content ?? ''
      assert.equal(decodeHeader(content, 'Subject'), `${name}, students: Import Completed`)
      const [text, html] = decodeParts(content)
      assert.ok(text?.includes(name) && html?.includes(name), name)
    }
    assert.equal(smtp.taken.length, namesOfManyScripts.length)
  })

  it('is in the body of a webhook as it is written, and the signature is that of its bytes', async () => {
    const receiver = await WebhookReceiver.start()
    const name = namesOfManyScripts.join(' ')
    const outbox = await rig.giveDistrict([])
    const { secret } = await rig.giveWebhook(outbox, receiver.url)
    const { started, step } = rig.make('smtp://127.0.0.1:1')
    await outbox.happens({ kind: 'runFailed', facts: { step: name } })
    await step('announceEvents', { districtId: outbox.districtId })
    const [ref] = started
    assert.ok(ref)
    await step('sendWebhook', { districtId: ref.districtId, deliveryId: ref.deliveryId, round: ref.round })
    const [received] = receiver.received
    assert.ok(received !== undefined && verifyWebhook(received, secret))
    const { data } = JSON.parse(received.body) as { data: { facts: unknown } } // as docs/reference/events.md has it
    assert.deepEqual(data.facts, { step: name })
  })
})
