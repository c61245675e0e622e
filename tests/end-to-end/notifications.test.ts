import assert from 'node:assert/strict'
import type { Delivery } from '../../api/contract/notification.ts'
import type { Stack } from '../../stack/stack.ts'
import { startTestStack } from '../harness/stack.ts'
import { until } from '../harness/until.ts'
import { MailServer } from '../platform/mail-server.ts'
import { verifyWebhook, WebhookReceiver } from '../platform/webhook-receiver.ts'
import { makeZip } from '../fixtures/zip-maker.ts'
import { DistrictOnStack, packageOf } from './district-on-stack.ts'
import { readMails } from './mailbox.ts'
import { killProcess } from './kills/stack-killer.ts'

const school = { seed: 9, students: 40, schools: 2 }

async function listDeliveries(district: DistrictOnStack): Promise<Delivery[]> {
  const { exitCode, stdout } = await district.command('delivery', 'list', '--district', district.slug, '--json')
  // Whoever waits asks again: the database may be away just now.
  return exitCode === 0 ? (JSON.parse(stdout) as Delivery[]) : []
}

describe('notifications of a stack', () => {
  let stack: Stack
  beforeAll(async () => {
    stack = await startTestStack({ ROLLBOOK_SWEEP_INTERVAL_MS: '2000' })
  })

  it('are one file for each mail: a good import, five bad ones, a hold', async () => {
    const district = await DistrictOnStack.create(stack, 'notified')
    const to = ['recipients', 'add', 'data@lincoln.example,it@lincoln.example', '--data-type', 'students']
    assert.equal((await district.command(...to, '--district', district.slug)).exitCode, 0)
    const mails = () => readMails(stack.mailDirectory).filter(({ text }) => text.includes('(notified)'))

    const good = await district.import(await packageOf(school))
    await until(() => mails().length === 2)
    for (const mail of mails()) {
      assert.match(mail.subject, /^District notified, students: Import Complete/)
      assert.match(mail.text, new RegExp(`Created +40\\b[\\s\\S]*${good.run.runId}`))
    }

    const noPackage = () => district.import(makeZip([{ name: 'readme.txt', data: String(Math.random()) }]))
    for (let count = 0; count < 5; count++) assert.equal((await noPackage()).run.state, 'cancelled')
    const held = await district.import(await packageOf({ ...school, students: 20 }))
    assert.equal(held.run.state, 'held')
    await until(async () => (await listDeliveries(district)).filter(({ state }) => state === 'sent').length === 6)
    const subjects = mails().map(({ subject }) => subject.replace(/^.*?: /, ''))
    assert.equal(subjects.filter((subject) => subject === 'Import Refused').length, 2)
    assert.equal(subjects.filter((subject) => subject === 'Held for Review').length, 2)
    assert.equal(mails().length, 6)
    const hold = mails().find(({ subject }) => subject.endsWith('Held for Review'))
    assert.match(hold?.text ?? '', /deactivations, whole district +20 records/)
  })

  it('reach a webhook that verifies them, and go out again when asked', async () => {
    const district = await DistrictOnStack.create(stack, 'hooked')
    const receiver = await WebhookReceiver.start()
    const added = await district.command('webhook', 'add', '--district', 'hooked', '--url', receiver.url, '--json')
    const { secret, id } = JSON.parse(added.stdout) as { secret: string; id: string }
    const { run } = await district.import(await packageOf(school))
    await until(() => receiver.received.length === 1)
    const [webhook] = receiver.received
    assert.ok(webhook !== undefined && verifyWebhook(webhook, secret))
    const { data } = JSON.parse(webhook.body) as { data: { runId: string; facts: { counts: { created: number } } } }
    assert.deepEqual([data.runId, data.facts.counts.created], [run.runId, 40])

    await until(async () => (await listDeliveries(district))[0]?.state === 'sent')
    const [delivery] = await listDeliveries(district)
    assert.equal(delivery?.webhook, id)
    assert.equal((await district.command('delivery', 'redeliver', delivery.id, '--district', 'hooked')).exitCode, 0)
    await until(() => receiver.received.length === 2)
    assert.equal(receiver.received[1]?.headers['webhook-id'], webhook.headers['webhook-id'])
  })
})

describe('a worker and a database that are killed while mails go out', () => {
  it('lose none and send none twice, but for those the server may have had', async () => {
    const smtp = await MailServer.start()
    const stack = await startTestStack({
      ROLLBOOK_SWEEP_INTERVAL_MS: '1000',
      ROLLBOOK_MAIL_DIR: '',
      ROLLBOOK_SMTP_URL: smtp.url,
    })
    const district = await DistrictOnStack.create(stack, 'killed')
    const recipients = Array.from({ length: 12 }, (_, index) => `person-${index}@lincoln.example`)
    await district.command('recipients', 'add', ...recipients, '--district', 'killed', '--data-type', 'students')

    // Each is killed before the server has said that it took the mail.
    const victims: Readonly<Record<number, string>> = { 2: 'postgres', 4: 'worker', 8: 'worker' }
    let answered = 0
    let kills = 0
    smtp.beforeAnswer = async () => {
      answered += 1
      const victim = victims[answered]
      if (victim === undefined) return
      kills += 1
      await killProcess(stack, victim)
    }
    await district.import(await packageOf(school))
    await until(async () => {
      const deliveries = await listDeliveries(district)
      return deliveries.length === 12 && deliveries.every(({ state }) => state === 'sent')
    })
    assert.equal(kills, 3)
    const inDoubt = new Set((await listDeliveries(district)).filter((one) => one.isInDoubt).map((one) => one.recipient))
    for (const recipient of recipients) {
      const copies = smtp.taken.filter(({ to }) => to.includes(recipient))
      assert.ok(copies.length >= 1, `${recipient} got nothing`)
      if (!inDoubt.has(recipient)) assert.equal(copies.length, 1, `${recipient} got ${copies.length}`)
      const ids = copies.map(({ content }) => /^Message-ID: (.*)$/im.exec(content)?.[1])
      assert.equal(new Set(ids).size, 1, 'copies have one id')
    }
    assert.ok(inDoubt.size >= 1)
  })
})
