import { randomBytes } from 'node:crypto'
import { SecretBox } from '../../platform/secret-box.ts'

/** A key of a test's own: what seals, what opens, and how a process is told of it. */
export function makeTestSecrets(id = 'test') {
  const key = randomBytes(32)
  const box = new SecretBox([{ id, key }])
  return {
    box,
    sealer: box,
    settings: { ROLLBOOK_SECRET_KEY: `${id}:${key.toString('base64')}` },
    openSettings: (row: { readonly id: string; readonly keyId: string; readonly settingsSealed: Buffer }): unknown =>
      JSON.parse(box.open({ keyId: row.keyId, sealed: row.settingsSealed }, row.id)) as unknown,
  }
}
