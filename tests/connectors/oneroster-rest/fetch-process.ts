import { MockActivityEnvironment } from '@temporalio/testing'
import { createFetchInput } from '../../../activities/connect/fetch-input.ts'
import { findConnector } from '../../../connectors/registry.ts'
import { createDatabase } from '../../../db/database.ts'
import { SecretBox } from '../../../platform/secret-box.ts'

/** One attempt at fetching the input of a run, in a process that can be killed: district and run are the arguments. */
const [districtId = '', runId = ''] = process.argv.slice(2)
const db = createDatabase({ url: process.env['ROLLBOOK_APP_DATABASE_URL'] ?? '' })
const [id = '', key = ''] = (process.env['ROLLBOOK_SECRET_KEY'] ?? '').split(':')
const secrets = new SecretBox([{ id, key: Buffer.from(key, 'base64') }])
const fetchInput = createFetchInput({
  db,
  now: () => new Date(),
  getConnector: (name) => {
    const connector = findConnector(name)
    if (connector === undefined) throw new Error(`there is no connector ${name}`)
    return connector
  },
  openSettings: ({ id: of, keyId, settingsSealed: sealed }) =>
    JSON.parse(secrets.open({ keyId, sealed }, of)) as unknown,
  surroundingsOf: () => ({ mayReach: () => true }),
})
await new MockActivityEnvironment({ heartbeatTimeoutMs: 30_000 }).run(() => fetchInput({ districtId, runId }))
await db.destroy()
