import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** A key that seals and opens, and the id under which sealed texts remember it. */
export type SecretKey = { readonly id: string; readonly key: Buffer }

export type Sealed = { readonly keyId: string; readonly sealed: Buffer }

const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16
/** First byte of everything sealed, so that another construction can follow one day. */
const formatVersion = 1

/**
 * Seals small secrets with AES-256-GCM. `context` names what a secret belongs to (the id of its row): a sealed text
 * that was moved to another row does not open. The first key seals, all keys open, so keys can rotate.
 */
export class SecretBox {
  readonly #keys: ReadonlyMap<string, Buffer>
  readonly #sealingKey: SecretKey

  /** Throws when there is no key, when two keys share an id, or when a key is not 32 bytes. */
  constructor(keys: readonly SecretKey[]) {
    const [sealingKey] = keys
    if (sealingKey === undefined) throw new Error('a secret box needs at least one key')
    for (const { id, key } of keys) {
      if (key.length !== keyBytes)
        throw new Error(`the secret key "${id}" must be ${keyBytes} bytes, not ${key.length}`)
    }
    this.#keys = new Map(keys.map(({ id, key }) => [id, key]))
    if (this.#keys.size !== keys.length) throw new Error('two secret keys have the same id')
    this.#sealingKey = sealingKey
  }

  seal(text: string, context: string): Sealed {
    const nonce = randomBytes(nonceBytes)
    const cipher = createCipheriv('aes-256-gcm', this.#sealingKey.key, nonce).setAAD(Buffer.from(context))
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return {
      keyId: this.#sealingKey.id,
      sealed: Buffer.concat([Buffer.of(formatVersion), nonce, cipher.getAuthTag(), body]),
    }
  }

  /** Throws when the key is unknown, or when the sealed text was changed or belongs to another context. */
  open({ keyId, sealed }: Sealed, context: string): string {
    const key = this.#keys.get(keyId)
    if (key === undefined) throw new Error(`the secret key "${keyId}" is not configured; add it to open older settings`)
    if (sealed[0] !== formatVersion) throw new Error('this sealed text was written by another version')
    const tagStart = 1 + nonceBytes
    const bodyStart = tagStart + tagBytes
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, tagStart), { authTagLength: tagBytes })
      .setAAD(Buffer.from(context))
      .setAuthTag(sealed.subarray(tagStart, bodyStart))
    return decipher.update(sealed.subarray(bodyStart), undefined, 'utf8') + decipher.final('utf8')
  }
}
