import { randomBytes } from 'node:crypto'
import { deriveSealingKey, SecretBox } from '../../platform/secret-box.ts'
import { SecretSealer } from '../../platform/secret-sealer.ts'

/** A key of a test's own: what seals, what opens, and how a worker is told of it. */
export function makeTestSecrets(id = 'test') {
  const secretKey = { id, key: randomBytes(32) }
  const box = new SecretBox([secretKey])
  return {
    box,
    sealer: new SecretSealer(deriveSealingKey(secretKey)),
    settings: { ROLLBOOK_SECRET_KEY: `${id}:${secretKey.key.toString('base64')}` },
    openSettings: (row: { readonly id: string; readonly keyId: string; readonly settingsSealed: Buffer }): unknown =>
      JSON.parse(box.open({ keyId: row.keyId, sealed: row.settingsSealed }, row.id)) as unknown,
  }
}
