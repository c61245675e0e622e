import type { NamelessFile } from './nameless-file.ts'
import { PagedWords } from './paged-words.ts'

const firstCapacity = 1 << 11
const growth = 1.5

/**
 * Numbers for 64-bit keys, 0, 1, 2 … in the order in which they were first given: what is known of a key stands in arrays
 * at its number. Some fifteen bytes a key, where a Map of texts takes two hundred, and eight fewer where the keys may lie
 * in a file: for keys that mostly come but once. Throws what the file throws.
 */
export class KeyNumbers {
  size = 0
  readonly #keys: PagedWords
  /**
   * Number and one more, zero being an empty slot, and in the bits above as much of the key as there is room for, so
   * that another key is rarely looked at. Open addressing, two thirds full at most.
   */
  #slots = new Int32Array(firstCapacity)

  constructor(file?: NamelessFile) {
    this.#keys = new PagedWords(2, { file })
  }

  /** The number of a key; -1 where it has none. Halves may be signed or not. */
  find(high: number, low: number): number {
    const slot = this.#slotOf(high | 0, low | 0)
    return ((this.#slots[slot] as number) & (this.#slots.length - 1)) - 1 // a slot is in the array
  }

  /** The number of a key, a new one if it has none. */
  give(high: number, low: number): number {
    const [hi, lo] = [high | 0, low | 0]
    const slot = this.#slotOf(hi, lo)
    const known = this.#slots[slot] as number
    if (known !== 0) return (known & (this.#slots.length - 1)) - 1
    const number = this.size++
    const words = this.#keys.seekToWrite(number)
    words[this.#keys.at] = hi
    words[this.#keys.at + 1] = lo
    this.#slots[slot] = slotFor(number, hi, this.#slots.length)
    if (this.size * 3 > this.#slots.length * 2) this.#spread()
    return number
  }

  #slotOf(hi: number, lo: number): number {
    const slots = this.#slots
    const mask = slots.length - 1
    let at = (lo ^ hi) & mask
    for (;;) {
      const slot = slots[at] as number
      if (slot === 0) return at
      if (((slot ^ hi) & ~mask) === 0 && this.#isAt((slot & mask) - 1, hi, lo)) return at
      at = (at + 1) & mask
    }
  }

  #isAt(number: number, hi: number, lo: number): boolean {
    const words = this.#keys.seek(number)
    return words[this.#keys.at] === hi && words[this.#keys.at + 1] === lo
  }

  #spread(): void {
    const length = this.#slots.length * 2
    // Let go before the new ones are taken: the keys alone say what they were.
    this.#slots = new Int32Array(0)
    this.#slots = new Int32Array(length)
    for (let number = 0; number < this.size; number++) {
      const words = this.#keys.seek(number)
      const [hi, lo] = [words[this.#keys.at] as number, words[this.#keys.at + 1] as number]
      this.#slots[this.#emptySlotOf(hi, lo)] = slotFor(number, hi, length)
    }
  }

  #emptySlotOf(hi: number, lo: number): number {
    const mask = this.#slots.length - 1
    let at = (lo ^ hi) & mask
    while (this.#slots[at] !== 0) at = (at + 1) & mask
    return at
  }
}

/** There are fewer keys than slots, so that a number and one more fits below the mask. */
function slotFor(number: number, hi: number, slots: number): number {
  return (hi & -slots) | (number + 1)
}

/** The same values in a longer array. */
export function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.ceil(array.length * growth))
  larger.set(array)
  return larger
}
