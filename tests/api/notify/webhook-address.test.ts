import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { sealPlainWebhooks, showWebhookUrl } from '../../../api/notify/webhook-address.ts'
import type { Problem } from '../../../api/contract/problem.ts'
import type { Webhook, WebhookWithSecret } from '../../../api/contract/notification.ts'
import { withDistrict } from '../../../db/database.ts'
import { makeTestSecrets } from '../../harness/secrets.ts'
import { readAnswer, useApiRig } from '../api-rig.ts'

const rig = useApiRig()
const token = 'tok-5kQ9'
const url = `https://hooks.lincoln.example/rollbook?token=${token}#${token}`

const stored = (districtId: string) =>
  withDistrict(rig().db, districtId, (trx) => trx.selectFrom('webhooks').selectAll().execute())

describe('the address of a webhook', () => {
  it('is sealed, and shown, logged and audited without what may be a token', async () => {
    const caller = await rig().makeToken()
    const district = await rig().makeDistrict()
    const path = `/api/districts/${district.slug}/webhooks`
    const answers: string[] = []
    const keep = async (answer: Response, status?: number) => {
      const webhook = await readAnswer<WebhookWithSecret>(answer, status)
      answers.push(JSON.stringify(webhook))
      return webhook
    }
    const added = await keep(await rig().sendJson(caller, 'POST', path, { url }), 201)
    assert.equal(added.url, 'https://hooks.lincoln.example/rollbook?…')
    const changed = await keep(await rig().sendJson(caller, 'PATCH', `${path}/${added.id}`, { url: `${url}2` }))
    assert.equal(changed.url, added.url)
    await keep(await rig().sendJson(caller, 'POST', `${path}/${added.id}/rotate`, {}))
    answers.push(await (await rig().send(caller, 'GET', path)).text())
    for (const wrong of [
      `http://x.example/?${token}`,
      `https://127.0.0.1/?${token}`,
      `https://a:${token}@x.example/`,
    ]) {
      answers.push(JSON.stringify(await readAnswer(await rig().sendJson(caller, 'POST', path, { url: wrong }), 400)))
    }
    assert.equal([...answers, ...rig().logLines].join('').includes(token), false)
    const audit = await withDistrict(rig().db, district.id, (trx) => trx.selectFrom('auditLog').selectAll().execute())
    const [row] = await stored(district.id)
    assert.deepEqual([row?.url, JSON.stringify([row, audit]).includes(token)], [null, false])
    assert.equal(row?.urlSealed?.includes(token), false)
  })

  it('is not taken as it is shown', async () => {
    const caller = await rig().makeToken()
    const path = `/api/districts/${(await rig().makeDistrict()).slug}/webhooks`
    const { id, url: shown } = await readAnswer<Webhook>(await rig().sendJson(caller, 'POST', path, { url }), 201)
    const problem = await readAnswer<Problem>(
      await rig().sendJson(caller, 'PATCH', `${path}/${id}`, { url: shown }),
      400,
    )
    assert.match(JSON.stringify(problem.errors), /write it in full/)
  })

  it('of an earlier release is masked at once, and sealed when the API starts', async () => {
    const caller = await rig().makeToken()
    const district = await rig().makeDistrict()
    const id = randomUUID()
    await withDistrict(rig().db, district.id, (trx) =>
      trx.insertInto('webhooks').values({ id, districtId: district.id, name: 'old', url }).execute(),
    )
    const list = () => rig().send(caller, 'GET', `/api/districts/${district.slug}/webhooks`)
    const before = await (await list()).text()
    assert.equal(before.includes(token), false)
    const { box, sealer: secrets } = makeTestSecrets()
    for (let count = 0; count < 2; count++) {
      await sealPlainWebhooks({ db: rig().db, secrets, log: rig().log }, new AbortController().signal)
    }
    const [row] = await stored(district.id)
    assert.ok(row?.urlSealed && row.urlKeyId)
    assert.equal(row.url, null)
    assert.equal(box.open({ keyId: row.urlKeyId, sealed: row.urlSealed }, `${id}/url`), url)
    assert.equal(await (await list()).text(), before)
  })

  const shown: Record<string, string> = {
    'https://hooks.example': 'https://hooks.example/',
    'https://hooks.example:8443/roster/hook': 'https://hooks.example:8443/roster/hook',
    'https://hooks.example/?a=b': 'https://hooks.example/?…',
    'https://hooks.slack.example/services/T024BE7LD/B024BE7LE/aVnTbPqXyZ': 'https://hooks.slack.example/services/…',
    'https://hooks.example/8f14e45f': 'https://hooks.example/…',
    'https://hooks.example/hook/abcdefghijklmnopqrstuvwxyz': 'https://hooks.example/hook/…',
  }
  for (const [address, expected] of Object.entries(shown)) {
    it(`is shown as ${expected}`, () => {
      assert.equal(showWebhookUrl(address), expected)
    })
  }
})
