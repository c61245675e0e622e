import { Hash64 } from '../../../../domain/hash64.ts'
import type { SourceRecord } from '../../../connector.ts'

/**
 * A record that is put together of several rows, or stands for many; the same object for all of a file. Its digest covers
 * the key and every value it is given.
 */
export class ValueRecord implements SourceRecord {
  readonly collection: string
  readonly fileName: string
  readonly #hash = new Hash64()
  #key = ''
  #values: Readonly<Record<string, string>> = {}
  line = 0
  presence: SourceRecord['presence'] = 'active'

  constructor(collection: string, file: string) {
    this.collection = collection
    this.fileName = `${file}.csv`
  }

  show(line: number, presence: SourceRecord['presence'], key: string, values: Readonly<Record<string, string>>): this {
    this.line = line
    this.presence = presence
    this.#key = key
    this.#values = values
    const hash = this.#hash.reset().text(key).separator()
    for (const value of Object.values(values)) hash.text(value).separator()
    hash.finish()
    return this
  }

  get digestHi(): number {
    return this.#hash.hi
  }

  get digestLo(): number {
    return this.#hash.lo
  }

  modifiedAt(): string {
    return ''
  }

  key(): string {
    return this.#key
  }

  value(column: string): string {
    return this.#values[column] ?? ''
  }
}
