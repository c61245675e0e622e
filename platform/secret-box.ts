import { createDecipheriv } from 'node:crypto'
import { derivePair, keyBytes, openFrom } from './hpke.ts'
import { sealedVersion, type Sealed, type SealingKey } from './secret-sealer.ts'

/** A key that opens, and the id under which sealed texts remember it. */
export type SecretKey = { readonly id: string; readonly key: Buffer }

/** The half of the key that seals; it opens nothing, and may be known to whoever keeps secrets for us. */
export function deriveSealingKey({ id, key }: SecretKey): SealingKey {
  return { id, publicKey: derivePair(key).publicKey }
}

/** The half that seals of the first of these keys, as `id:base64`: what is to seal is told of it in that form. */
export function describeSealingKey([first]: readonly SecretKey[]): string {
  if (first === undefined) throw new Error('there is no secret key')
  const { id, publicKey } = deriveSealingKey(first)
  return `${id}:${publicKey.toString('base64')}`
}

/** First byte of what releases sealed that had one key for both, which was used as it is. */
const oneKeyVersion = 1
const nonceBytes = 12
const tagBytes = 16

/** Opens what a SecretSealer sealed, and what earlier releases did. All keys open, so keys can rotate. */
export class SecretBox {
  readonly #keys: ReadonlyMap<string, { readonly key: Buffer; readonly pair: ReturnType<typeof derivePair> }>

  /** Throws when there is no key, when two keys share an id, or when a key is not 32 bytes. */
  constructor(keys: readonly SecretKey[]) {
    if (keys.length === 0) throw new Error('a secret box needs at least one key')
    for (const { id, key } of keys) {
      if (key.length !== keyBytes)
        throw new Error(`the secret key "${id}" must be ${keyBytes} bytes, not ${key.length}`)
    }
    this.#keys = new Map(keys.map(({ id, key }) => [id, { key, pair: derivePair(key) }]))
    if (this.#keys.size !== keys.length) throw new Error('two secret keys have the same id')
  }

  /** Throws when the key is unknown, or when the sealed text was changed or belongs to another context. */
  open({ keyId, sealed }: Sealed, context: string): string {
    const known = this.#keys.get(keyId)
    if (known === undefined)
      throw new Error(`the secret key "${keyId}" is not configured; add it to open older settings`)
    const body = sealed.subarray(1)
    if (sealed[0] === sealedVersion) return openFrom(known.pair, body, context)
    if (sealed[0] === oneKeyVersion) return openWithOneKey(known.key, body, context)
    throw new Error('this sealed text was written by another version')
  }
}

function openWithOneKey(key: Buffer, body: Buffer, context: string): string {
  const tagEnd = nonceBytes + tagBytes
  const decipher = createDecipheriv('aes-256-gcm', key, body.subarray(0, nonceBytes), { authTagLength: tagBytes })
    .setAAD(Buffer.from(context))
    .setAuthTag(body.subarray(nonceBytes, tagEnd))
  return decipher.update(body.subarray(tagEnd), undefined, 'utf8') + decipher.final('utf8')
}
