import type { Hash64 } from '../../hash64.ts'

/** Remembers 64-bit hashes: eight bytes for each text seen, with room to spare; a million take 16 MiB. */
export class SeenTexts {
  #size = 0
  #capacity = 1024
  #hi = new Uint32Array(this.#capacity)
  #lo = new Uint32Array(this.#capacity)

  /** Adds the finished hash; false when it was there. */
  add(hash: Hash64): boolean {
    if (this.#size * 2 >= this.#capacity) this.#grow()
    return this.#put(hash.hi, hash.lo)
  }

  #put(hi: number, lo: number): boolean {
    // Zero marks a free slot, so the one hash that is all zero is stored as another.
    const high = hi === 0 && lo === 0 ? 1 : hi
    const mask = this.#capacity - 1
    for (let slot = lo & mask; ; slot = (slot + 1) & mask) {
      if (this.#hi[slot] === 0 && this.#lo[slot] === 0) {
        this.#hi[slot] = high
        this.#lo[slot] = lo
        this.#size++
        return true
      }
      if (this.#hi[slot] === high && this.#lo[slot] === lo) return false
    }
  }

  #grow(): void {
    const [hi, lo] = [this.#hi, this.#lo]
    this.#capacity *= 2
    this.#size = 0
    this.#hi = new Uint32Array(this.#capacity)
    this.#lo = new Uint32Array(this.#capacity)
    for (let slot = 0; slot < hi.length; slot++) {
      const [high, low] = [hi[slot] as number, lo[slot] as number] // inside the arrays
      if (high !== 0 || low !== 0) this.#put(high, low)
    }
  }
}
