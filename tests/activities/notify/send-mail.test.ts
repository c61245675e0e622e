import assert from 'node:assert/strict'
import { ApplicationFailure } from '@temporalio/common'
import { MailServer } from '../../platform/mail-server.ts'
import { until } from '../../harness/until.ts'
import { readDeliveries, useNotifyRig } from './notify-rig.ts'

const rig = useNotifyRig()

async function giveMail(smtp: MailServer, changed: Parameters<typeof rig.make>[1] = {}) {
  const outbox = await rig.giveDistrict()
  const { started, step } = rig.make(smtp.url, changed)
  await outbox.happens({ kind: 'runCompleted', runId: '0198a000-0000-7000-8000-00000000aaaa' })
  await step('announceEvents', { districtId: outbox.districtId })
  const [ref] = started
  assert.ok(ref)
  const { districtId, deliveryId, round } = ref
  return { outbox, step, ref: { districtId, deliveryId, round } }
}

describe('sending a mail', () => {
  it('delivers it once, and has nothing to do when it is called again', async () => {
    const smtp = await MailServer.start()
    const { outbox, step, ref } = await giveMail(smtp)
    for (let count = 0; count < 3; count++) await step('sendMail', ref)
    assert.equal(smtp.taken.length, 1)
    const [mail] = smtp.taken
    assert.match(mail?.content ?? '', /^Subject: Lincoln County, students: Import Completed\r$/m)
    assert.match(mail?.content ?? '', new RegExp(`^Message-ID: <${ref.deliveryId}\\.1@lincoln\\.example>`, 'm'))
    assert.match(mail?.content ?? '', /https:\/\/rollbook\.lincoln\.example\/api\/runs\/0198a000/)
    const [delivery] = await readDeliveries(outbox)
    assert.deepEqual([delivery?.state, delivery?.attempts, delivery?.isInDoubt], ['sent', 1, false])
  })

  it('delivers it once when two workers have it at the same time', async () => {
    const smtp = await MailServer.start()
    const { step, ref } = await giveMail(smtp, { leaseMs: 60_000 })
    let refusals = 0
    const four = Array.from({ length: 4 }, () => step('sendMail', ref).catch(() => (refusals += 1)))
    // The one that sends is not answered before all the others have asked: they must find it at work.
    smtp.beforeAnswer = () => until(() => refusals === 3)
    await Promise.all(four)
    assert.equal(refusals, 3)
    assert.equal(smtp.taken.length, 1)
    await step('sendMail', ref)
    assert.equal(smtp.taken.length, 1)
  })

  it('sends it again with the same message id when the server died after the content, and says that it is in doubt', async () => {
    const smtp = await MailServer.start()
    smtp.conduct = 'takeAndBreak'
    const { outbox, step, ref } = await giveMail(smtp)
    await assert.rejects(step('sendMail', ref), (error) => error instanceof ApplicationFailure && !error.nonRetryable)
    smtp.conduct = 'take'
    await step('sendMail', ref)
    assert.equal(smtp.taken.length, 2)
    const [first, second] = smtp.taken.map(({ content }) => content.replaceAll(/--_NmP-\w+/g, ''))
    // The same to the byte but for the boundary of its parts: whoever keeps mails by their id keeps one.
    assert.equal(first, second)
    const [delivery] = await readDeliveries(outbox)
    assert.deepEqual([delivery?.state, delivery?.attempts, delivery?.isInDoubt], ['sent', 2, true])
  })

  it('sends it once when the server died before it had the mail', async () => {
    const smtp = await MailServer.start()
    smtp.conduct = { refuseRecipient: 421 }
    const { outbox, step, ref } = await giveMail(smtp)
    await assert.rejects(step('sendMail', ref))
    smtp.conduct = 'take'
    await step('sendMail', ref)
    assert.equal(smtp.taken.length, 1)
    assert.equal((await readDeliveries(outbox))[0]?.isInDoubt, false)
  })

  it('gives up an address that is refused for good, and writes that down for those who read the API', async () => {
    const smtp = await MailServer.start()
    smtp.conduct = { refuseRecipient: 550 }
    const { outbox, step, ref } = await giveMail(smtp)
    await step('sendMail', ref)
    const [delivery] = await readDeliveries(outbox)
    assert.deepEqual([delivery?.state, delivery?.lastCode], ['gaveUp', 'SMTP_550'])
    const told = (await outbox.events()).find(({ kind }) => kind === 'mailUndeliverable')
    assert.deepEqual(told?.facts, { deliveryId: ref.deliveryId, failureCode: 'SMTP_550' })
  })

  it('gives up when all attempts are used up', async () => {
    const smtp = await MailServer.start()
    smtp.conduct = { refuse: 451 }
    const { outbox, step, ref } = await giveMail(smtp)
    await assert.rejects(step('sendMail', ref))
    for (let count = 0; count < 2; count++) await step('giveUpDelivery', ref)
    assert.equal((await readDeliveries(outbox))[0]?.state, 'gaveUp')
    assert.equal((await outbox.events()).filter(({ kind }) => kind === 'mailUndeliverable').length, 1)
    await step('sendMail', ref)
    assert.equal(smtp.taken.length, 0)
  })

  it('says that mails are not set up where they are not', async () => {
    const smtp = await MailServer.start()
    const { outbox, step, ref } = await giveMail(smtp, { mailer: undefined })
    await step('sendMail', ref)
    assert.equal((await readDeliveries(outbox))[0]?.lastCode, 'MAIL_NOT_CONFIGURED')
  })
})

describe('announcing', () => {
  it('starts each delivery under an id that follows from it, and again what was started but not noted', async () => {
    const smtp = await MailServer.start()
    const outbox = await rig.giveDistrict(['a@lincoln.example', 'b@lincoln.example'])
    let isAway = true
    const { started, step } = rig.make(smtp.url, {
      startDelivery: async (start) => {
        ids.push(start.workflowId)
        if (isAway && ids.length === 2) throw new Error('Temporal is away')
      },
    })
    const ids: string[] = []
    await outbox.happens({ kind: 'runCompleted' })
    await assert.rejects(step('announceEvents', { districtId: outbox.districtId }))
    isAway = false
    for (let count = 0; count < 2; count++) await step('announceEvents', { districtId: outbox.districtId })
    assert.equal(started.length, 0)
    assert.equal(new Set(ids).size, 2)
    assert.equal(ids.length, 3)
    assert.match(ids[0] ?? '', /^deliver\/[0-9a-f-]{36}\/1$/)
  })
})
