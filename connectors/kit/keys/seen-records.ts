import { Hash64 } from '../../../domain/hash64.ts'
import { grown, KeyNumbers } from './key-numbers.ts'

const firstCapacity = 1 << 12

/**
 * Which records came before, by the hash of their id and that of all they say, and in which line: some thirty bytes each,
 * because five million of them must fit.
 */
export class SeenRecords {
  readonly #ids = new KeyNumbers()
  /** At the number of an id: a mark of what its record says. */
  #contents = new Int32Array(firstCapacity)
  #lines = new Int32Array(firstCapacity)
  readonly #hash = new Hash64()

  get size(): number {
    return this.#ids.size
  }

  /** `new` the first time, then `same` for the very same content, `other` for another. */
  see(id: string, content: string, line: number): 'new' | 'same' | 'other' {
    const { hi: contentHi, lo: contentLo } = this.#hash.reset().text(content).finish()
    const mark = contentHi ^ contentLo
    const before = this.size
    const { hi, lo } = this.#hash.reset().text(id).finish()
    const number = this.#ids.give(hi, lo)
    if (this.size === before) return this.#contents[number] === mark ? 'same' : 'other'
    if (number === this.#contents.length) {
      ;[this.#contents, this.#lines] = [grown(this.#contents), grown(this.#lines)]
    }
    this.#contents[number] = mark
    this.#lines[number] = line
    return 'new'
  }

  /** The line in which a record came that was seen; 0 for any other. */
  firstLine(id: string): number {
    const { hi, lo } = this.#hash.reset().text(id).finish()
    return this.#lines[this.#ids.find(hi, lo)] ?? 0
  }
}
