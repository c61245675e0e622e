import { Hash64 } from '../../domain/hash64.ts'
import { KeySet } from '../../connectors/kit/keys/key-set.ts'

/** The keys of the records staged so far, at some twelve bytes each; empty, it costs nothing to ask. */
export class StagedKeys {
  readonly #keys = new KeySet()
  readonly #hash = new Hash64()

  add(record: { readonly key: () => string }): void {
    const { hi, lo } = this.#hash.reset().text(record.key()).finish()
    this.#keys.add(hi, lo)
  }

  has(record: { readonly key: () => string }): boolean {
    if (this.#keys.size === 0) return false
    const { hi, lo } = this.#hash.reset().text(record.key()).finish()
    return this.#keys.has(hi, lo)
  }
}
