import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { insertEvent } from '../../../db/notify/events.ts'
import { insertWebhook, updateWebhook } from '../../../db/notify/webhooks.ts'
import { useEventRig } from './event-rig.ts'

const rig = useEventRig()
const refused = { kind: 'runFailed', facts: { failureCode: 'INPUT_REFUSED' } } as const
const to = 'data@lincoln.example'
const nowhere = { urlSealed: Buffer.from('x'), urlKeyId: 'x', urlShown: 'x' }

describe('an event', () => {
  it('is written down once however often its step is repeated', async () => {
    const outbox = await rig.giveDistrict()
    assert.equal(await outbox.happens({ kind: 'runCompleted', onceKey: 'runCompleted/1' }), true)
    assert.equal(await outbox.happens({ kind: 'runCompleted', onceKey: 'runCompleted/1' }), false)
    await outbox.route()
    assert.deepEqual(await outbox.deliveries(), [`runCompleted → ${to}`])
  })

  it('is gone with the change it tells of when that is rolled back', async () => {
    const outbox = await rig.giveDistrict()
    const { districtId } = outbox
    await assert.rejects(
      outbox.in(async (trx) => {
        await insertEvent(trx, { districtId, kind: 'runCompleted', onceKey: 'lost' })
        throw new Error('the change failed')
      }),
      /the change failed/,
    )
    assert.deepEqual(await outbox.events(), [])
  })

  it('is told to each address once, whatever its case, and only to those of its data type', async () => {
    const outbox = await rig.giveDistrict(['Data@lincoln.example', to, 'it@lincoln.example'])
    await outbox.happens({ kind: 'runCompleted' })
    await outbox.happens({ kind: 'runCompleted', dataType: 'staff' })
    await outbox.route()
    assert.deepEqual(await outbox.deliveries(), [`runCompleted → ${to}`, 'runCompleted → it@lincoln.example'])
  })

  it('of a schedule for all data types is told to the addresses of each', async () => {
    const outbox = await rig.giveDistrict([to])
    await outbox.happens({ kind: 'feedLate', dataType: 'all' })
    await outbox.route()
    assert.deepEqual(await outbox.deliveries(), [`feedLate → ${to}`])
  })

  it('makes its deliveries once when two route at the same time', async () => {
    const outbox = await rig.giveDistrict()
    for (let count = 0; count < 20; count++) await outbox.happens({ kind: 'runCompleted' })
    await Promise.all(Array.from({ length: 4 }, () => outbox.route()))
    assert.equal((await outbox.deliveries()).length, 20)
  })
})

describe('a failure that repeats', () => {
  it('is one mail, until it ends; and its end says how often it was', async () => {
    const outbox = await rig.giveDistrict()
    for (let count = 0; count < 50; count++) await outbox.happens(refused)
    await outbox.happens({ kind: 'runCompleted' })
    await outbox.happens({ kind: 'runCompleted' })
    await outbox.happens(refused)
    await outbox.route()
    assert.deepEqual(await outbox.deliveries(), [
      `runFailed → ${to}`,
      `runCompleted → ${to}`,
      `runCompleted → ${to}`,
      `runFailed → ${to}`,
    ])
    const ended = (await outbox.events()).filter(({ kind }) => kind === 'runCompleted')
    assert.deepEqual(
      ended.map(({ endedCount }) => endedCount),
      [50, 0],
    )
  })

  it('is told again when it is another failure, or of another data type', async () => {
    const outbox = await rig.giveDistrict()
    await outbox.happens(refused)
    await outbox.happens({ kind: 'runFailed', facts: { failureCode: 'SOURCE_REFUSED' } })
    await outbox.happens(refused)
    await outbox.route()
    assert.equal((await outbox.deliveries()).length, 2)
  })

  it('is told again after a day', async () => {
    const outbox = await rig.giveDistrict()
    await outbox.happens(refused)
    await outbox.route()
    await outbox.in((trx) => sql`update events set occurred_at = now() - interval '25 hours'`.execute(trx))
    await outbox.happens(refused)
    await outbox.happens(refused)
    await outbox.route()
    assert.equal((await outbox.deliveries()).length, 2)
  })

  it('ends without a mail of its own, but for one that says so after trouble', async () => {
    const outbox = await rig.giveDistrict()
    await outbox.happens({ kind: 'runUnchanged' })
    await outbox.happens(refused)
    await outbox.happens({ kind: 'runUnchanged' })
    await outbox.happens({ kind: 'runUnchanged' })
    await outbox.route()
    assert.deepEqual(await outbox.deliveries(), [`runFailed → ${to}`, `runUnchanged → ${to}`])
  })

  it('does not end by the word of another connection or data type', async () => {
    const outbox = await rig.giveDistrict()
    const [one, other] = ['0198a000-0000-7000-8000-000000000001', '0198a000-0000-7000-8000-000000000002']
    await outbox.happens({ kind: 'connectionFailed', connectionId: one })
    await outbox.happens({ kind: 'connectionWorks', connectionId: other })
    await outbox.happens({ kind: 'connectionFailed', connectionId: one })
    await outbox.happens({ kind: 'connectionWorks', connectionId: one })
    await outbox.route()
    assert.deepEqual(await outbox.deliveries(), [`connectionFailed → ${to}`, `connectionWorks → ${to}`])
  })
})

describe('a hold', () => {
  const limit = { limit: 'deactivations', scope: 'district', schoolId: null, value: 0.42, max: 0.1, count: 76 } as const

  it('that comes again with other numbers is no news; one for another limit is', async () => {
    const outbox = await rig.giveDistrict()
    await outbox.happens({ kind: 'runHeld', facts: { limits: [limit] } })
    await outbox.happens({ kind: 'runHeld', facts: { limits: [{ ...limit, count: 77, value: 0.43 }] } })
    await outbox.happens({ kind: 'runHeld', facts: { limits: [{ ...limit, limit: 'updates' }] } })
    await outbox.route()
    assert.equal((await outbox.deliveries()).length, 2)
  })

  it('is news again after an import went through, which is no end of failures', async () => {
    const outbox = await rig.giveDistrict()
    await outbox.happens({ kind: 'runHeld', facts: { limits: [limit] } })
    await outbox.happens({ kind: 'runCompleted' })
    await outbox.happens({ kind: 'runHeld', facts: { limits: [limit] } })
    await outbox.route()
    assert.equal((await outbox.deliveries()).length, 3)
    assert.equal((await outbox.events())[1]?.endedCount, 0)
  })
})

describe('a webhook', () => {
  it('gets every event of its kinds, the repeated ones too, while it is enabled', async () => {
    const outbox = await rig.giveDistrict([])
    const { districtId } = outbox
    const add = (url: string, kinds: string[] | null) =>
      outbox.in((trx) => insertWebhook(trx, { id: randomUUID(), districtId, name: url, kinds, ...nowhere }))
    await add('https://all.example', null)
    await add('https://failed.example', ['runFailed'])
    const { id } = await add('https://off.example', null)
    await outbox.in((trx) => updateWebhook(trx, id, { isEnabled: false }))
    await outbox.happens(refused)
    await outbox.happens(refused)
    await outbox.happens({ kind: 'runUnchanged' })
    await outbox.route()
    assert.deepEqual(await outbox.deliveries(), [
      'runFailed → https://all.example',
      'runFailed → https://failed.example',
      'runFailed → https://all.example',
      'runFailed → https://failed.example',
      'runUnchanged → https://all.example',
    ])
  })
})
