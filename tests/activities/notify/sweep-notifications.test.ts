import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { replaceAlerts } from '../../../db/import/alerts.ts'
import type { Outbox } from '../../db/notify/event-rig.ts'
import { useNotifyRig } from './notify-rig.ts'

const rig = useNotifyRig()
const day = 24 * 60 * 60 * 1000
const start = Date.parse('2026-11-01T08:00:00Z')
const openAlerts = [
  { kind: 'notImported', field: 'F-01', code: null, count: 3, newCount: 1, heldCount: 2 },
  { kind: 'unmappedCode', field: 'gradeLevel', code: null, count: 12 },
] as const

async function giveAlerts(outbox: Outbox, openedAt: Date): Promise<void> {
  const { districtId } = outbox
  await outbox.in(async (trx) => {
    await replaceAlerts(trx, { districtId, dataType: 'students', runId: randomUUID(), alerts: openAlerts })
    await trx.updateTable('alerts').set({ openedAt }).execute()
  })
}

/** Sweeps as if so many days had passed, and gives the reminders there are then. */
function sweepsOf(outbox: Outbox) {
  return async (days: number) => {
    const { step } = rig.make('smtp://127.0.0.1:1', { now: () => new Date(start + days * day) })
    await step('sweepNotifications')
    return (await outbox.events()).filter(({ kind }) => kind === 'alertsReminder')
  }
}

describe('open alerts', () => {
  it('are brought to mind after 3 and after 10 days, once each, all in one mail', async () => {
    const outbox = await rig.giveDistrict()
    await giveAlerts(outbox, new Date(start))
    const sweep = sweepsOf(outbox)
    const counts = []
    for (const days of [0, 2.9, 3, 3.1, 9.9, 10, 10.1, 60]) counts.push((await sweep(days)).length)
    assert.deepEqual(counts, [0, 0, 1, 1, 1, 2, 2, 2])
    const [first] = await sweep(60)
    assert.deepEqual(first?.facts, {
      openDays: 3,
      alerts: [
        { kind: 'notImported', field: 'F-01', count: 3, new: 1, held: 2 },
        { kind: 'unmappedCode', field: 'gradeLevel', count: 12 },
      ],
    })
    assert.equal((await outbox.deliveries()).length, 2)
  })

  it('that nobody could be reminded of are brought to mind once, and not once for each day that passed', async () => {
    const outbox = await rig.giveDistrict()
    await giveAlerts(outbox, new Date(start))
    assert.equal((await sweepsOf(outbox)(40)).length, 1)
  })

  it('that were closed are not', async () => {
    const outbox = await rig.giveDistrict()
    await giveAlerts(outbox, new Date(start))
    await outbox.in((trx) => trx.updateTable('alerts').set({ closedAt: new Date() }).execute())
    assert.equal((await sweepsOf(outbox)(40)).length, 0)
  })

  it('are brought to mind when the settings say', async () => {
    const outbox = await rig.giveDistrict()
    await outbox.in((trx) =>
      trx
        .updateTable('notificationSettings')
        .set({ reminderDays: [1] })
        .execute(),
    )
    await giveAlerts(outbox, new Date(start))
    const sweep = sweepsOf(outbox)
    assert.deepEqual([(await sweep(0.9)).length, (await sweep(1)).length, (await sweep(99)).length], [0, 1, 1])
  })
})

describe('a sweep', () => {
  it('announces what was left behind in any district', async () => {
    const outboxes = [await rig.giveDistrict(), await rig.giveDistrict()]
    for (const outbox of outboxes) await outbox.happens({ kind: 'runCompleted' })
    const { started, step } = rig.make('smtp://127.0.0.1:1')
    await step('sweepNotifications')
    for (const { districtId } of outboxes) {
      assert.equal(started.filter((one) => one.districtId === districtId).length, 1)
    }
  })

  it('lets no district that fails keep the others from their turn', async () => {
    const outboxes = [await rig.giveDistrict(), await rig.giveDistrict()]
    for (const outbox of outboxes) await outbox.happens({ kind: 'runCompleted' })
    const tried = new Set<string>()
    const { step } = rig.make('smtp://127.0.0.1:1', {
      startDelivery: async ({ districtId }) => {
        tried.add(districtId)
        throw new Error('not this one')
      },
    })
    await assert.rejects(step('sweepNotifications'))
    for (const { districtId } of outboxes) assert.ok(tried.has(districtId))
  })

  it('forgets events with their deliveries when they are older than they are kept', async () => {
    const outbox = await rig.giveDistrict()
    await outbox.happens({ kind: 'runCompleted' })
    await outbox.happens({ kind: 'runCompleted' })
    await outbox.route()
    const [first] = await outbox.events()
    await outbox.in((trx) =>
      sql`with old as (insert into events (id, district_id, kind, once_key, topic)
        select uuidv7('-31 days'), district_id, kind, 'old', topic from events where id = ${first?.id} returning id, district_id)
        insert into deliveries (district_id, event_id, channel, recipient) select district_id, id, 'mail', 'x' from old`.execute(
        trx,
      ),
    )
    const { step } = rig.make('smtp://127.0.0.1:1')
    await step('sweepNotifications')
    assert.equal((await outbox.events()).length, 2)
    assert.equal((await outbox.deliveries()).length, 2)
  })
})
