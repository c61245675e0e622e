import type { Hash64 } from '../../../domain/hash64.ts'

/**
 * Remembers 64-bit hashes: sixteen bytes or more for each text seen. Both halves lie side by side, because fetching
 * from memory is all the time this takes.
 */
export class SeenTexts {
  #size = 0
  #capacity: number
  #halves: Uint32Array

  /** `expectedCount` saves growing, nothing else. */
  constructor(expectedCount = 512) {
    this.#capacity = 1 << Math.ceil(Math.log2(Math.max(expectedCount, 512) * 2))
    this.#halves = new Uint32Array(this.#capacity * 2)
  }

  /** Adds the finished hash; false when it was there. */
  add(hash: Hash64): boolean {
    if (this.#size * 2 >= this.#capacity) this.#grow()
    return this.#put(hash.hi, hash.lo)
  }

  has(hash: Hash64): boolean {
    const high = hash.hi === 0 ? 1 : hash.hi
    const mask = this.#capacity - 1
    for (let slot = hash.lo & mask; ; slot = (slot + 1) & mask) {
      const found = this.#halves[slot * 2]
      if (found === 0) return false
      if (found === high && this.#halves[slot * 2 + 1] === hash.lo) return true
    }
  }

  #put(hi: number, lo: number): boolean {
    // Zero marks a free slot, so a hash whose half is zero is stored as another.
    const high = hi === 0 ? 1 : hi
    const halves = this.#halves
    const mask = this.#capacity - 1
    for (let slot = lo & mask; ; slot = (slot + 1) & mask) {
      const found = halves[slot * 2]
      if (found === 0) {
        halves[slot * 2] = high
        halves[slot * 2 + 1] = lo
        this.#size++
        return true
      }
      if (found === high && halves[slot * 2 + 1] === lo) return false
    }
  }

  #grow(): void {
    const old = this.#halves
    this.#capacity *= 2
    this.#size = 0
    this.#halves = new Uint32Array(this.#capacity * 2)
    for (let at = 0; at < old.length; at += 2) {
      const high = old[at] as number // inside the array
      if (high !== 0) this.#put(high, old[at + 1] as number) // inside the array
    }
  }
}
