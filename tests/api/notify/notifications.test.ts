import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { createApp } from '../../../api/app.ts'
import type {
  Delivery,
  EventDocument,
  NotificationSettings,
  Webhook,
  WebhookWithSecret,
} from '../../../api/contract/notification.ts'
import type { Problem } from '../../../api/contract/problem.ts'
import { withDistrict } from '../../../db/database.ts'
import { insertEvent } from '../../../db/notify/events.ts'
import { giveUpDelivery } from '../../../db/notify/delivery-claims.ts'
import { routeEvents } from '../../../db/notify/route-events.ts'
import { makeTestSecrets } from '../../harness/secrets.ts'
import { readAnswer, useApiRig } from '../api-rig.ts'

const rig = useApiRig()

async function giveDistrict() {
  const district = await rig().makeDistrict()
  const token = await rig().makeToken()
  const base = `/api/districts/${district.slug}`
  return {
    district,
    token,
    base,
    send: (method: string, path: string, body?: unknown) =>
      body === undefined ? rig().send(token, method, base + path) : rig().sendJson(token, method, base + path, body),
  }
}

describe('recipients', () => {
  it('are kept for each data type, with the days of reminders', async () => {
    const { send, district } = await giveDistrict()
    const { items: before } = await readAnswer<{ items: NotificationSettings[] }>(await send('GET', '/notifications'))
    assert.deepEqual(
      before.find(({ dataType }) => dataType === 'students'),
      {
        district: district.slug,
        dataType: 'students',
        recipients: [],
        reminderDays: [3, 10],
      },
    )
    const wanted = { recipients: ['data@lincoln.example', 'it@lincoln.example'], reminderDays: [7, 2, 2] }
    await readAnswer(await send('PUT', '/notifications/students', wanted))
    const { items } = await readAnswer<{ items: NotificationSettings[] }>(await send('GET', '/notifications'))
    const after = items.find(({ dataType }) => dataType === 'students')
    assert.deepEqual([after?.recipients, after?.reminderDays], [wanted.recipients, [2, 7]])
  })

  it('are addresses, each once, and of a data type that there is', async () => {
    const { send } = await giveDistrict()
    const bad = [['no address'], ['a@b.example\r\nBcc: c@d.example'], ['a@b.example', 'A@b.example']]
    for (const recipients of bad) {
      await readAnswer<Problem>(await send('PUT', '/notifications/students', { recipients }), 400)
    }
    await readAnswer<Problem>(await send('PUT', '/notifications/planets', { recipients: [] }), 400)
  })

  it('are changed only by who may configure, and not by a token of another district', async () => {
    const { district, base } = await giveDistrict()
    const viewer = await rig().makeToken({ rights: ['view'] })
    const stranger = await rig().makeToken({ districtId: (await rig().makeDistrict()).id })
    const wanted = { recipients: ['data@lincoln.example'] }
    await readAnswer(await rig().sendJson(viewer, 'PUT', `${base}/notifications/students`, wanted), 403)
    await readAnswer(await rig().sendJson(stranger, 'PUT', `${base}/notifications/students`, wanted), 404)
    const audit = await withDistrict(rig().db, district.id, (trx) => trx.selectFrom('auditLog').selectAll().execute())
    assert.equal(audit.length, 0)
  })
})

describe('a webhook', () => {
  it('to a private address is taken only where a setting allows it, and the answer says why', async () => {
    const token = await rig().makeToken()
    const { slug } = await rig().makeDistrict()
    const { db, workflows, schedules, log } = rig()
    const secrets = makeTestSecrets().sealer
    const parts = { db, workflows, schedules, log, secrets, version: '0.0.0' }
    const addTo = async (allowsPrivateWebhooks: boolean, url: string) =>
      await createApp({ ...parts, allowsPrivateWebhooks }).request(`/api/districts/${slug}/webhooks`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ url }),
      })
    for (const [url, why] of [
      ['http://127.0.0.1:9000/', /without TLS.*ROLLBOOK_WEBHOOK_ALLOW_PRIVATE/],
      ['https://127.0.0.1:9000/', /private address.*ROLLBOOK_WEBHOOK_ALLOW_PRIVATE/],
    ] as const) {
      await readAnswer(await addTo(false, url), 400)
      const taken = await readAnswer<WebhookWithSecret>(await addTo(true, url), 201)
      assert.match(taken.note ?? '', why)
    }
    const usual = await readAnswer<WebhookWithSecret>(await addTo(true, 'https://hooks.example/'), 201)
    assert.equal(usual.note, undefined)
  })

  it('is added with a secret that is shown once, changed, rotated and removed', async () => {
    const { send, district } = await giveDistrict()
    const wanted = { url: 'https://hooks.lincoln.example/x', kinds: ['runHeld'] }
    const added = await readAnswer<WebhookWithSecret>(await send('POST', '/webhooks', wanted), 201)
    assert.match(added.secret, /^whsec_/)
    const { items } = await readAnswer<{ items: Webhook[] }>(await send('GET', '/webhooks'))
    assert.equal(items.length, 1)
    assert.ok(!JSON.stringify(items).includes(added.secret))
    const stored = await withDistrict(rig().db, district.id, (trx) =>
      trx.selectFrom('webhookSecrets').selectAll().execute(),
    )
    assert.ok(!JSON.stringify(stored.map(({ secretSealed }) => secretSealed.toString())).includes(added.secret))

    const changed = await readAnswer<Webhook>(
      await send('PATCH', `/webhooks/${added.id}`, { isEnabled: false, kinds: null }),
    )
    assert.deepEqual([changed.isEnabled, changed.kinds, changed.url], [false, null, wanted.url])
    const rotated = await readAnswer<WebhookWithSecret>(await send('POST', `/webhooks/${added.id}/rotate`, {}))
    assert.notEqual(rotated.secret, added.secret)
    assert.equal((await send('DELETE', `/webhooks/${added.id}`)).status, 204)
    assert.equal((await send('DELETE', `/webhooks/${added.id}`)).status, 404)
    assert.ok(!rig().logLines.join('').includes(added.secret))
  })

  it('is refused for an address that is private or not safe, for a kind that is none and a secret that is weak', async () => {
    const { send } = await giveDistrict()
    for (const url of [
      'http://hooks.example/',
      'https://127.0.0.1/',
      'https://[::1]/',
      'https://a:b@hooks.example/',
      'x',
    ]) {
      await readAnswer(await send('POST', '/webhooks', { url }), 400)
    }
    const url = 'https://hooks.lincoln.example/'
    await readAnswer(await send('POST', '/webhooks', { url, kinds: ['runExploded'] }), 400)
    await readAnswer(await send('POST', '/webhooks', { url, secret: 'whsec_c2hvcnQ=' }), 400)
    const { items } = await readAnswer<{ items: Webhook[] }>(await send('GET', '/webhooks'))
    assert.deepEqual(items, [])
  })

  it('of another district is not there', async () => {
    const { send } = await giveDistrict()
    const other = await giveDistrict()
    const { id } = await readAnswer<Webhook>(await send('POST', '/webhooks', { url: 'https://hooks.example/' }), 201)
    assert.equal((await other.send('PATCH', `/webhooks/${id}`, { isEnabled: false })).status, 404)
    assert.equal((await other.send('POST', `/webhooks/${id}/rotate`, {})).status, 404)
  })
})

describe('deliveries', () => {
  it('are listed with what they are about, and begun again once they have ended', async () => {
    const { send, district } = await giveDistrict()
    await readAnswer(await send('PUT', '/notifications/students', { recipients: ['a@b.example', 'c@d.example'] }))
    const runId = randomUUID()
    await withDistrict(rig().db, district.id, async (trx) => {
      const event = { districtId: district.id, kind: 'runHeld', dataType: 'students', runId } as const
      await insertEvent(trx, { ...event, onceKey: 'one' })
      await routeEvents(trx, district.id)
    })
    const { items: events } = await readAnswer<{ items: EventDocument[] }>(await send('GET', '/events'))
    assert.deepEqual(
      events.map(({ kind, title }) => [kind, title]),
      [['runHeld', 'Held for Review']],
    )

    const first = await readAnswer<{ items: Delivery[]; nextCursor: string }>(await send('GET', '/deliveries?limit=1'))
    const rest = await readAnswer<{ items: Delivery[]; nextCursor: null }>(
      await send('GET', `/deliveries?limit=1&cursor=${first.nextCursor}`),
    )
    assert.deepEqual([...first.items, ...rest.items].map(({ recipient }) => recipient).sort(), [
      'a@b.example',
      'c@d.example',
    ])
    assert.equal(rest.nextCursor, null)

    const [delivery] = first.items
    const id = delivery?.id ?? ''
    await readAnswer(await send('POST', `/deliveries/${id}/redeliver`), 409)
    await withDistrict(rig().db, district.id, (trx) => giveUpDelivery(trx, { deliveryId: id, round: 1 }))
    const gaveUp = await readAnswer<{ items: Delivery[] }>(await send('GET', `/deliveries?state=gaveUp&run=${runId}`))
    assert.deepEqual(
      gaveUp.items.map((one) => one.id),
      [id],
    )
    const again = await readAnswer<Delivery>(await send('POST', `/deliveries/${id}/redeliver`), 202)
    assert.equal(again.state, 'pending')
  })
})
