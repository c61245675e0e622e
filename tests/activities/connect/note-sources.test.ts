import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { noteSources } from '../../../activities/connect/note-sources.ts'
import { findConnector } from '../../../connectors/registry.ts'
import { insertConnection, noteFetchesInput, updateConnection } from '../../../db/connect/connections.ts'
import { createLog } from '../../../platform/log.ts'
import { useDistrict } from './use-district.ts'

const folder = { source: { kind: 'folder', path: 'in' } }

/** Connections as the release before wrote them: without a word about what they fetch. */
async function useOldConnections() {
  const { db, districtId, secrets, inDistrict } = await useDistrict()
  const add = async (settings: unknown, connector = 'oneroster-csv'): Promise<string> => {
    const id = randomUUID()
    const { sealed, keyId } = secrets.sealer.seal(JSON.stringify(settings), id)
    await inDistrict(async (trx) => {
      const row = { districtId, connector, name: connector, settingsSealed: sealed, keyId, fetchesInput: false }
      await insertConnection(trx, { id, ...row })
      await trx.updateTable('connections').set({ fetchesInput: null }).where('id', '=', id).execute()
    })
    return id
  }
  const note = () => {
    const getConnector = (id: string) => {
      const connector = findConnector(id)
      assert.ok(connector)
      return connector
    }
    const log = createLog({ process: 'test', level: 'silent' })
    return noteSources(
      { db, log, getConnector, openSettings: secrets.openSettings, surroundingsOf: () => ({}) },
      new AbortController().signal,
      { pauseMs: 10 },
    )
  }
  const read = (id: string) =>
    inDistrict((trx) => trx.selectFrom('connections').selectAll().where('id', '=', id).executeTakeFirstOrThrow())
  return { secrets, inDistrict, add, note, read }
}

describe('a worker that begins', () => {
  it('writes down of each connection whether its settings name a source', async () => {
    const { add, note, read } = await useOldConnections()
    const expected = new Map([
      [await add({}), false],
      [await add(folder), true],
      [await add({ source: { kind: 'carrier pigeon' } }), false],
    ])
    const rest = await add({}, 'oneroster-rest')
    await note()
    for (const [id, fetchesInput] of expected) assert.equal((await read(id)).fetchesInput, fetchesInput)
    // Its settings do not fit: whoever tests it is told so.
    assert.equal((await read(rest)).fetchesInput, false)
    const before = await read(rest)
    await note()
    assert.deepEqual(await read(rest), before)
  })

  it('leaves alone what was changed while it looked', async () => {
    const { secrets, inDistrict, add, read } = await useOldConnections()
    const id = await add({})
    const seen = await read(id)
    const { sealed, keyId } = secrets.sealer.seal(JSON.stringify(folder), id)
    await inDistrict((trx) => updateConnection(trx, id, { settings: { sealed, keyId, fetchesInput: true } }))
    await inDistrict((trx) => noteFetchesInput(trx, seen, false))
    assert.equal((await read(id)).fetchesInput, true)
  })
})
