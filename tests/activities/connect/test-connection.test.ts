import assert from 'node:assert/strict'
import { createTestConnection } from '../../../activities/connect/test-connection.ts'
import { makeConnection } from '../../../api/connect/make-connection.ts'
import type { Connector } from '../../../connectors/connector.ts'
import { oneRosterCsv } from '../../../connectors/oneroster-csv/connector.ts'
import { findConnection, updateConnection } from '../../../db/connect/connections.ts'
import { makeTestSecrets } from '../../harness/secrets.ts'
import { useDistrict } from './use-district.ts'

const now = new Date('2026-11-22T08:00:00Z')

/** One connection, tried as a worker does. `beforeAnswer` is what happens while its source is asked. */
async function useConnection() {
  const { db, districtId, secrets, inDistrict } = await useDistrict()
  const tried: unknown[] = []
  let beforeAnswer = (): Promise<unknown> => Promise.resolve()
  const connector = {
    ...oneRosterCsv,
    test: async (settings: { readonly profile: string }) => {
      tried.push(settings.profile)
      await beforeAnswer()
      return settings.profile === 'strict'
        ? { isConnected: true }
        : { isConnected: false, reason: 'The folder cannot be read.' }
    },
  } as unknown as Connector // the settings are those of the connector that it is made of
  const { id: connectionId } = await inDistrict((trx) =>
    makeConnection(trx, { districtId, district: 'lincoln' }, secrets.sealer, {
      ...{ connector, name: 'test', settings: { profile: 'default' }, createdBy: 'test' },
    }),
  )
  const test = (openSettings = secrets.openSettings) =>
    createTestConnection({
      db,
      now: () => now,
      getConnector: () => connector,
      openSettings,
      surroundingsOf: () => ({}),
    })({
      districtId,
      connectionId,
    })
  const seal = (settings: unknown) =>
    inDistrict((trx) =>
      updateConnection(trx, connectionId, {
        settings: { ...secrets.sealer.seal(JSON.stringify(settings), connectionId), fetchesInput: false },
      }),
    )
  const read = async () => {
    const row = await inDistrict((trx) => findConnection(trx, connectionId))
    return { status: row?.status, reason: row?.statusReason, checkedAt: row?.checkedAt?.toISOString() }
  }
  return { test, tried, seal, read, meanwhile: (work: () => Promise<unknown>) => (beforeAnswer = work) }
}

describe('trying a connection', () => {
  it('writes the reason down and gives back none', async () => {
    const { test, seal, read } = await useConnection()
    assert.deepEqual(await test(), { isConnected: false })
    const checkedAt = now.toISOString()
    assert.deepEqual(await read(), { status: 'failed', reason: 'The folder cannot be read.', checkedAt })
    await seal({ profile: 'strict' })
    assert.deepEqual(await test(), { isConnected: true })
    assert.deepEqual(await read(), { status: 'connected', reason: null, checkedAt })
  })

  it('tells what to do about settings that do not open, or no longer fit', async () => {
    const { test, tried, seal, read } = await useConnection()
    assert.deepEqual(await test(makeTestSecrets('another').openSettings), { isConnected: false })
    assert.match((await read()).reason ?? '', /sealed with the key "test", which does not open them/)
    await seal({ profile: 'of a release long ago' })
    assert.deepEqual(await test(), { isConnected: false })
    assert.match((await read()).reason ?? '', /no longer fit/)
    assert.deepEqual(tried, [])
  })

  it('tries again what was changed while it was tried, and keeps nothing of the settings before', async () => {
    const { test, tried, seal, read, meanwhile } = await useConnection()
    meanwhile(() => {
      meanwhile(() => Promise.resolve())
      return seal({ profile: 'strict' })
    })
    assert.deepEqual(await test(), { isConnected: true })
    assert.deepEqual(tried, ['default', 'strict'])
    assert.equal((await read()).status, 'connected')
  })
})
