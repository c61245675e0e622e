import { Hash64 } from '../../../domain/hash64.ts'

const firstCapacity = 1 << 12

/**
 * Which records came before, by the hash of their id and that of all they say: twelve bytes each, because five million
 * of them must fit.
 */
export class SeenRecords {
  size = 0
  #keysHi = new Int32Array(firstCapacity)
  #keysLo = new Int32Array(firstCapacity)
  /** 0 is free. */
  #contents = new Int32Array(firstCapacity)
  readonly #hash = new Hash64()

  /** `new` the first time, then `same` for the very same content, `other` for another. */
  see(id: string, content: string): 'new' | 'same' | 'other' {
    const { hi: contentHi, lo: contentLo } = this.#hash.reset().text(content).finish()
    const mark = (contentHi ^ contentLo) | 1
    const { hi, lo } = this.#hash.reset().text(id).finish()
    if (this.size * 3 > this.#contents.length * 2) this.#grow()
    const slot = find(this.#keysHi, this.#keysLo, this.#contents, hi | 0, lo | 0)
    if (this.#contents[slot] !== 0) return this.#contents[slot] === mark ? 'same' : 'other'
    this.#keysHi[slot] = hi
    this.#keysLo[slot] = lo
    this.#contents[slot] = mark
    this.size++
    return 'new'
  }

  #grow(): void {
    const capacity = this.#contents.length * 2
    const [keysHi, keysLo, contents] = [new Int32Array(capacity), new Int32Array(capacity), new Int32Array(capacity)]
    for (let old = 0; old < this.#contents.length; old++) {
      const content = this.#contents[old] as number // a slot of the table
      if (content === 0) continue
      const [hi, lo] = [this.#keysHi[old] as number, this.#keysLo[old] as number] // as above
      const slot = find(keysHi, keysLo, contents, hi, lo)
      keysHi[slot] = hi
      keysLo[slot] = lo
      contents[slot] = content
    }
    this.#keysHi = keysHi
    this.#keysLo = keysLo
    this.#contents = contents
  }
}

function find(keysHi: Int32Array, keysLo: Int32Array, contents: Int32Array, hi: number, lo: number): number {
  const mask = contents.length - 1
  let slot = lo & mask
  while (contents[slot] !== 0 && (keysHi[slot] !== hi || keysLo[slot] !== lo)) slot = (slot + 1) & mask
  return slot
}
