const firstCapacity = 1 << 10
const growth = 1.5

/**
 * Numbers for 64-bit keys, 0, 1, 2 … in the order in which they were first given: what is known of a key stands in arrays
 * at its number. Some twenty bytes a key, where a Map of texts takes two hundred.
 */
export class KeyNumbers {
  size = 0
  #keysHi = new Int32Array(firstCapacity)
  #keysLo = new Int32Array(firstCapacity)
  /** Number and one more; zero is an empty slot. Open addressing, two thirds full at most. */
  #slots = new Int32Array(firstCapacity * 2)

  /** The number of a key; -1 where it has none. Halves may be signed or not. */
  find(high: number, low: number): number {
    return (this.#slots[this.#slotOf(high | 0, low | 0)] as number) - 1 // a slot is in the array
  }

  /** The number of a key, a new one if it has none. */
  give(high: number, low: number): number {
    const [hi, lo] = [high | 0, low | 0]
    const slot = this.#slotOf(hi, lo)
    const known = this.#slots[slot] as number
    if (known !== 0) return known - 1
    if (this.size === this.#keysHi.length) {
      this.#keysHi = grown(this.#keysHi)
      this.#keysLo = grown(this.#keysLo)
    }
    this.#keysHi[this.size] = hi
    this.#keysLo[this.size] = lo
    this.#slots[slot] = ++this.size
    if (this.size * 3 > this.#slots.length * 2) this.#spread()
    return this.size - 1
  }

  #slotOf(hi: number, lo: number): number {
    const mask = this.#slots.length - 1
    let slot = (lo ^ hi) & mask
    for (;;) {
      const number = (this.#slots[slot] as number) - 1
      if (number < 0 || (this.#keysHi[number] === hi && this.#keysLo[number] === lo)) return slot
      slot = (slot + 1) & mask
    }
  }

  #spread(): void {
    this.#slots = new Int32Array(this.#slots.length * 2)
    for (let number = 0; number < this.size; number++) {
      this.#slots[this.#slotOf(this.#keysHi[number] as number, this.#keysLo[number] as number)] = number + 1
    }
  }
}

/** The same values in a longer array. */
export function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.ceil(array.length * growth))
  larger.set(array)
  return larger
}
