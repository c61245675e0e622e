import { Hash64 } from '../../../domain/hash64.ts'
import { KeyNumbers } from './key-numbers.ts'
import type { NamelessFile } from './nameless-file.ts'
import { PagedWords } from './paged-words.ts'

/**
 * Which records came before, by the hash of their id and that of all they say, and in which line: because five million of
 * them must fit, some seven bytes each in memory and the rest in the file, where there is one. Throws what it throws.
 */
export class SeenRecords {
  readonly #ids: KeyNumbers
  /** At the number of an id: a mark of what its record says, and its line. */
  readonly #said: PagedWords
  readonly #hash = new Hash64()

  constructor(file?: NamelessFile) {
    this.#ids = new KeyNumbers(file)
    this.#said = new PagedWords(2, { file })
  }

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
    if (this.size === before) return this.#said.seek(number)[this.#said.at] === mark ? 'same' : 'other'
    const words = this.#said.seekToWrite(number)
    words[this.#said.at] = mark
    words[this.#said.at + 1] = line
    return 'new'
  }

  /** The line in which a record came that was seen; 0 for any other. */
  firstLine(id: string): number {
    const { hi, lo } = this.#hash.reset().text(id).finish()
    const number = this.#ids.find(hi, lo)
    return number < 0 ? 0 : (this.#said.seek(number)[this.#said.at + 1] as number) // a number has its record
  }
}
