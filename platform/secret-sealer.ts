import { keyBytes, sealTo } from './hpke.ts'

/** The public half of a key, and the id under which sealed texts remember it. */
export type SealingKey = { readonly id: string; readonly publicKey: Buffer }

export type Sealed = { readonly keyId: string; readonly sealed: Buffer }

/** First byte of everything sealed by this construction; those before it are told in secret-box.ts. */
export const sealedVersion = 2

/**
 * Seals small secrets with the public half of a key and can open none, its own included. `context` names what a secret
 * belongs to (the id of its row): a sealed text that was moved to another row does not open.
 */
export class SecretSealer {
  readonly #key: SealingKey

  /** Throws when the key is not 32 bytes. */
  constructor(key: SealingKey) {
    if (key.publicKey.length !== keyBytes) throw new Error(`the sealing key "${key.id}" must be ${keyBytes} bytes`)
    this.#key = key
  }

  seal(text: string, context: string): Sealed {
    const { id, publicKey } = this.#key
    return { keyId: id, sealed: Buffer.concat([Buffer.of(sealedVersion), sealTo(publicKey, text, context)]) }
  }
}
