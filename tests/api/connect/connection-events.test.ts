import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Connection } from '../../../api/contract/connection.ts'
import { withDistrict } from '../../../db/database.ts'
import { insertConnection } from '../../../db/connect/connections.ts'
import { listEvents } from '../../../db/notify/events.ts'
import { noteConnectionStatus } from '../../../db/connect/note-connection-status.ts'
import { until } from '../../harness/until.ts'
import { readAnswer, useApiRig, type TestDistrict } from '../api-rig.ts'

const rig = useApiRig()

const listKinds = (district: TestDistrict) =>
  withDistrict(rig().db, district.id, async (trx) => (await listEvents(trx, { limit: 10 })).map(({ kind }) => kind))

describe('trying a connection', () => {
  it('tells that it fails once, and that it works again after that', async () => {
    const district = await rig().makeDistrict()
    const token = await rig().makeToken()
    const add = { connector: 'oneroster-csv', settings: {} }
    const path = `/api/districts/${district.slug}/connections`
    const good = await readAnswer<Connection>(await rig().sendJson(token, 'POST', path, add), 201)
    const tryIt = async (id: string) =>
      (await readAnswer<Connection>(await rig().send(token, 'POST', `/api/connections/${id}/test`))).status
    assert.equal(await tryIt(good.id), 'connected')
    assert.deepEqual(await listKinds(district), [])

    // Settings that no key of ours opens.
    const broken = await withDistrict(rig().db, district.id, (trx) =>
      insertConnection(trx, {
        id: randomUUID(),
        districtId: district.id,
        connector: 'oneroster-csv',
        name: 'broken',
        settingsSealed: Buffer.from('no seal'),
        keyId: 'lost',
        fetchesInput: false,
      }),
    )
    for (let count = 0; count < 3; count++) assert.equal(await tryIt(broken.id), 'failed')
    assert.deepEqual(await listKinds(district), ['connectionFailed'])

    await withDistrict(rig().db, district.id, (trx) =>
      trx.updateTable('connections').set({ status: 'failed' }).where('id', '=', good.id).execute(),
    )
    for (let count = 0; count < 3; count++) assert.equal(await tryIt(good.id), 'connected')
    assert.deepEqual(await listKinds(district), ['connectionWorks', 'connectionFailed'])
  })

  it('tells once when several find at the same time that it fails', async () => {
    const district = await rig().makeDistrict()
    const connectionId = randomUUID()
    const inDistrict = <Result>(work: Parameters<typeof withDistrict<Result>>[2]) =>
      withDistrict(rig().db, district.id, work)
    await inDistrict((trx) =>
      insertConnection(trx, {
        id: connectionId,
        districtId: district.id,
        connector: 'oneroster-csv',
        name: 'asked by several',
        settingsSealed: Buffer.from('never opened'),
        keyId: 'none',
        fetchesInput: false,
      }),
    )
    const seen = { districtId: district.id, connectionId, reason: 'no answer', checkedAt: new Date() } as const
    const isWaitedFor = sql`select from pg_locks where not granted and pg_backend_pid() = any (pg_blocking_pids(pid))`
    let second: Promise<unknown> | undefined
    await inDistrict(async (trx) => {
      await noteConnectionStatus(trx, { ...seen, status: 'failed' })
      second = inDistrict((other) => noteConnectionStatus(other, { ...seen, status: 'failed' }))
      await until(async () => (await isWaitedFor.execute(trx)).rows.length > 0)
    })
    await second
    assert.deepEqual(await listKinds(district), ['connectionFailed'])
  })
})
