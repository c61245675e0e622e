import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'

/** What was answered, as it is sent once more. */
export type KeptAnswer = { readonly type: string; readonly location: string | null; readonly body: string }

/**
 * Seals an answer with what only its caller has and the database has not: the token and the key itself. A dump of the
 * tables opens none, and neither does anybody else with the same key.
 */
export function sealAnswer(answer: KeptAnswer, credential: string, key: string): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', deriveKey(credential, key), nonce)
  const sealed = Buffer.concat([cipher.update(JSON.stringify(answer), 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
}

/** The answer that sealAnswer was given. Throws for another credential or key. */
export function openAnswer(sealed: Buffer, credential: string, key: string): KeptAnswer {
  const decipher = createDecipheriv('aes-256-gcm', deriveKey(credential, key), sealed.subarray(0, 12))
  decipher.setAuthTag(sealed.subarray(12, 28))
  const text = Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString('utf8')
  return JSON.parse(text) as KeptAnswer // sealAnswer wrote it
}

/** Names without showing: what is looked up by it is never in the table itself. */
export function hashOf(...parts: readonly string[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest()
}

function deriveKey(credential: string, key: string): Buffer {
  return Buffer.from(hkdfSync('sha256', credential, key, 'rollbook idempotent answer', 32))
}
