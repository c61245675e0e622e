import assert from 'node:assert/strict'
import fc from 'fast-check'
import { isPrivateAddress } from '../../platform/private-addresses.ts'
import { createWebhookSender, findUrlProblem } from '../../platform/webhook-sender.ts'
import { isWebhookSecret, makeWebhookSecret, signWebhook } from '../../platform/webhook-signature.ts'
import { WebhookReceiver } from './webhook-receiver.ts'

const request = (url: string) => ({ url, headers: { 'content-type': 'application/json' }, body: '{"type":"x"}' })
const open = { allowsPrivate: true }

describe('a webhook', () => {
  it('is posted as it is, and its answer is a status', async () => {
    const receiver = await WebhookReceiver.start()
    receiver.answer = { status: 202, headers: { 'retry-after': '7' }, body: 'thanks' }
    const answer = await createWebhookSender(open)(request(receiver.url))
    assert.deepEqual(answer, { kind: 'answered', status: 202, retryAfterMs: 7000 })
    assert.deepEqual(
      receiver.received.map(({ body }) => body),
      ['{"type":"x"}'],
    )
  })

  it('follows no redirect', async () => {
    const target = await WebhookReceiver.start()
    const receiver = await WebhookReceiver.start()
    receiver.answer = { status: 307, headers: { location: target.url } }
    const answer = await createWebhookSender(open)(request(receiver.url))
    assert.equal(answer.kind === 'answered' && answer.status, 307)
    assert.equal(target.received.length, 0)
  })

  it('reads no answer without end', async () => {
    const receiver = await WebhookReceiver.start()
    receiver.answer = { status: 200, isEndless: true }
    const answer = await createWebhookSender({ ...open, timeLimitMs: 60_000 })(request(receiver.url))
    assert.equal(answer.kind === 'answered' && answer.status, 200)
  })

  it('ends within its time when nobody answers', async () => {
    const receiver = await WebhookReceiver.start()
    receiver.answer = undefined
    const answer = await createWebhookSender({ ...open, timeLimitMs: 200 })(request(receiver.url))
    assert.deepEqual(answer, { kind: 'failed', code: 'HTTP_TIMEOUT' })
  })

  it('says by a code that nobody listens', async () => {
    const receiver = await WebhookReceiver.start()
    await receiver.close()
    const answer = await createWebhookSender(open)(request(receiver.url))
    assert.deepEqual(answer, { kind: 'failed', code: 'HTTP_ECONNREFUSED' })
  })
})

describe('a webhook whose scheme is written in capitals', () => {
  it('is sent by that scheme, and what goes wrong there is its answer', async () => {
    const receiver = await WebhookReceiver.start()
    const { host } = new URL(receiver.url)
    const send = createWebhookSender({ allowsPrivate: true })
    assert.equal((await send(request(`HTTP://${host}/`))).kind, 'answered')
    // The receiver does not speak TLS.
    assert.equal((await send(request(`HTTPS://${host}/`))).kind, 'failed')
  })
})

describe('a webhook to a private address', () => {
  const send = createWebhookSender({ allowsPrivate: false })

  it('is not posted, however the address is written', async () => {
    const receiver = await WebhookReceiver.start()
    const { port } = new URL(receiver.url)
    const hosts = [
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f.1',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '0',
      'localhost',
      'a.localhost.',
    ]
    for (const host of [
      ...hosts,
      ['10', 1, 2, 3].join('.'),
      ['192', 168, 0, 1].join('.'),
      '172.31.0.1',
      '169.254.169.254',
      '[fd00::1]',
      '[64:ff9b::7f00:1]',
      '[::ffff:0:7f00:1]',
      ['168', 63, 129, 16].join('.'),
    ]) {
      assert.deepEqual(
        await send(request(`https://${host}:${port}/`)),
        { kind: 'failed', code: 'ADDRESS_PRIVATE' },
        host,
      )
    }
    assert.equal(receiver.received.length, 0)
  })

  it('is not posted in the clear, or with a name and a password in its address', () => {
    for (const url of ['http://lincoln.example/', 'https://a:b@lincoln.example/', 'ftp://lincoln.example/', 'no url']) {
      assert.equal(findUrlProblem(url, { allowsPrivate: false }), 'URL_UNSAFE', url)
    }
    assert.equal(findUrlProblem('https://hooks.lincoln.example/x', { allowsPrivate: false }), undefined)
    assert.equal(findUrlProblem('https://8.8.8.8/', { allowsPrivate: false }), undefined)
  })

  it('counts an IPv4 address the same when it is written as IPv6', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        assert.equal(isPrivateAddress(`::ffff:${address}`), isPrivateAddress(address))
      }),
    )
    assert.equal(isPrivateAddress('8.8.8.8'), false)
    assert.equal(isPrivateAddress('2606:4700:4700::1111'), false)
  })
})

describe('a webhook signature', () => {
  it('is that of the published example of Standard Webhooks', () => {
    const headers = signWebhook(
      {
        id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
        body: '{"test": 2432232314}',
        sentAt: new Date(1_614_265_330_000),
      },
      ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    )
    assert.deepEqual(headers, {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    })
  })

  it('is made with each secret while one takes the place of another', () => {
    const secrets = [makeWebhookSecret(), makeWebhookSecret()]
    const headers = signWebhook({ id: 'a', body: 'b', sentAt: new Date() }, secrets)
    assert.match(headers['webhook-signature'], /^v1,\S+ v1,\S+$/)
    assert.ok(secrets.every(isWebhookSecret))
    assert.ok(!isWebhookSecret('whsec_short') && !isWebhookSecret('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'))
  })
})
