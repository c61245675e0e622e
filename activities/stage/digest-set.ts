const emptySlotHi = 0
const emptySlotLo = 0

/**
 * The 64-bit digests that we hold, with a mark on each that the input has shown again. Eight bytes and a bit a
 * digest at a load of at most 3/4, so that a million held records cost some 12 MiB instead of a staged copy of the file.
 *
 * Two records with one digest (they would have the same key and the same values) cannot be told apart: both marks are
 * one, which is right, because a digest covers the key.
 */
export class DigestSet {
  readonly #hi: Uint32Array
  readonly #lo: Uint32Array
  readonly #seen: Uint8Array
  readonly #capacity: number
  /** Zero in both halves marks a free slot, so the digest zero is kept apart. */
  #hasZero = false
  #zeroSeen = false
  size = 0

  /** `expected`: how many digests will be added; adding many more throws RangeError. */
  constructor(expected: number) {
    this.#capacity = Math.ceil((expected * 4) / 3) + 64
    this.#hi = new Uint32Array(this.#capacity)
    this.#lo = new Uint32Array(this.#capacity)
    this.#seen = new Uint8Array((this.#capacity >>> 3) + 1)
  }

  add(hi: number, lo: number): void {
    if (hi === emptySlotHi && lo === emptySlotLo) {
      this.#hasZero = true
      return
    }
    const slot = this.#slotOf(hi, lo)
    if (this.#hi[slot] !== emptySlotHi || this.#lo[slot] !== emptySlotLo) return
    if (this.size >= this.#capacity - 1) throw new RangeError('more digests than were announced')
    this.#hi[slot] = hi
    this.#lo[slot] = lo
    this.size++
  }

  /** True when the digest is held; marks it as seen. */
  see(hi: number, lo: number): boolean {
    if (hi === emptySlotHi && lo === emptySlotLo) {
      if (this.#hasZero) this.#zeroSeen = true
      return this.#hasZero
    }
    const slot = this.#slotOf(hi, lo)
    if (this.#hi[slot] === emptySlotHi && this.#lo[slot] === emptySlotLo) return false
    this.#seen[slot >>> 3] = (this.#seen[slot >>> 3] as number) | (1 << (slot & 7)) // in range by the mask
    return true
  }

  /** The held digests that were never seen, as signed 64-bit numbers in decimal text. */
  *listUnseen(): Generator<string> {
    if (this.#hasZero && !this.#zeroSeen) yield '0'
    for (let slot = 0; slot < this.#capacity; slot++) {
      const [hi, lo] = [this.#hi[slot] as number, this.#lo[slot] as number] // in range by the loop
      if (hi === emptySlotHi && lo === emptySlotLo) continue
      if (((this.#seen[slot >>> 3] as number) & (1 << (slot & 7))) === 0) yield digestText(hi, lo)
    }
  }

  #slotOf(hi: number, lo: number): number {
    // The upper half as a fraction of the table: any capacity will do, so none stands empty.
    let slot = Math.floor((hi / 0x100000000) * this.#capacity)
    while (
      (this.#hi[slot] !== hi || this.#lo[slot] !== lo) &&
      (this.#hi[slot] !== emptySlotHi || this.#lo[slot] !== emptySlotLo)
    ) {
      if (++slot === this.#capacity) slot = 0
    }
    return slot
  }
}

const halves = new Uint32Array(2)
const whole = new BigInt64Array(halves.buffer)
/** Where the machine keeps the lower half. */
const lowAt = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 0 : 1

/** Two unsigned halves as PostgreSQL's signed bigint takes them. Shared memory: shifting bigints costs three times that. */
export function digestText(hi: number, lo: number): string {
  halves[lowAt] = lo
  halves[1 - lowAt] = hi
  return String(whole[0])
}
