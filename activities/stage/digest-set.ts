const chunkBits = 14
const chunkMask = (1 << chunkBits) - 1
const maxLoad = 0.85

/**
 * The 64-bit digests that we hold, with a mark on each that the input has shown again: eight bytes a digest, five more
 * once one of them was searched for, so that a million held records cost some 13 MiB instead of a staged copy of the file.
 *
 * Digests stay in the order in which they came, which is that of the records' table and mostly that of the input. So a
 * look tries the one behind the last hit first, which is no wait for memory; only the others are searched for.
 *
 * Two records with one digest (they would have the same key and the same values) cannot be told apart: what is shown
 * for one is shown for both, which is right, because a digest covers the key.
 */
export class DigestSet {
  size = 0
  /** Both halves of a digest side by side, by ordinal. */
  readonly #chunks: Int32Array[] = []
  readonly #seen: Uint8Array[] = []
  /** Where a look tries first. */
  #next = 0
  /** Ordinal plus one by digest, open addressing; made by the first search. */
  #slots: Int32Array | undefined
  /** Ordinals whose digest an earlier one has, each with that one. */
  #twins: { readonly ordinal: number; readonly first: number }[] = []

  /** Bytes held, for tests of the memory a set takes. */
  get byteLength(): number {
    return this.#chunks.length * (chunkMask + 1) * 8.125 + (this.#slots?.byteLength ?? 0)
  }

  add(hi: number, lo: number): void {
    this.#slots = undefined
    const ordinal = this.size++
    if (ordinal >>> chunkBits === this.#chunks.length) {
      this.#chunks.push(new Int32Array((chunkMask + 1) * 2))
      this.#seen.push(new Uint8Array((chunkMask + 1) >>> 3))
    }
    const chunk = this.#chunkOf(ordinal)
    const at = (ordinal & chunkMask) << 1
    chunk[at] = hi
    chunk[at + 1] = lo
  }

  /** True when the digest is held; marks it as seen. */
  see(hi: number, lo: number): boolean {
    let ordinal = this.#next
    if (!this.#isAt(ordinal, hi, lo)) {
      // A row that was changed since has no digest here: the one behind it is the next.
      ordinal++
      if (!this.#isAt(ordinal, hi, lo)) ordinal = this.#search(hi | 0, lo | 0)
    }
    if (ordinal < 0) return false
    this.#next = ordinal + 1
    this.#mark(ordinal)
    return true
  }

  /** Takes a look back: the mark of a digest that is held goes. True when it is held. */
  unsee(hi: number, lo: number): boolean {
    const ordinal = this.#search(hi | 0, lo | 0)
    if (ordinal < 0) return false
    this.#unmark(ordinal)
    for (const twin of this.#twins) if (twin.first === ordinal) this.#unmark(twin.ordinal)
    return true
  }

  /** The held digests that were never seen, as signed 64-bit numbers in decimal text. After the last look. */
  *listUnseen(): Generator<string> {
    if (this.#countSeen() === this.size) return
    this.#slots ??= this.#buildSlots()
    for (const { ordinal, first } of this.#twins) if (this.#isSeen(ordinal)) this.#mark(first)
    for (const { ordinal } of this.#twins) this.#mark(ordinal)
    for (let ordinal = 0; ordinal < this.size; ordinal++) {
      if (this.#isSeen(ordinal)) continue
      const chunk = this.#chunkOf(ordinal)
      const at = (ordinal & chunkMask) << 1
      yield digestText(chunk[at] as number, chunk[at + 1] as number) // inside the chunk by the mask
    }
  }

  #chunkOf(ordinal: number): Int32Array {
    return this.#chunks[ordinal >>> chunkBits] as Int32Array // every ordinal given out has its chunk
  }

  #isAt(ordinal: number, hi: number, lo: number): boolean {
    if (ordinal >= this.size) return false
    const chunk = this.#chunkOf(ordinal)
    const at = (ordinal & chunkMask) << 1
    return (chunk[at] as number) === (hi | 0) && (chunk[at + 1] as number) === (lo | 0) // inside the chunk by the mask
  }

  #isSeen(ordinal: number): boolean {
    const marks = this.#seen[ordinal >>> chunkBits] as Uint8Array // as for #chunkOf
    return ((marks[(ordinal & chunkMask) >>> 3] as number) & (1 << (ordinal & 7))) !== 0
  }

  #mark(ordinal: number): void {
    const marks = this.#seen[ordinal >>> chunkBits] as Uint8Array // as for #chunkOf
    const at = (ordinal & chunkMask) >>> 3
    marks[at] = (marks[at] as number) | (1 << (ordinal & 7))
  }

  #unmark(ordinal: number): void {
    const marks = this.#seen[ordinal >>> chunkBits] as Uint8Array // as for #chunkOf
    const at = (ordinal & chunkMask) >>> 3
    marks[at] = (marks[at] as number) & ~(1 << (ordinal & 7))
  }

  #countSeen(): number {
    let count = 0
    for (let ordinal = 0; ordinal < this.size; ordinal++) if (this.#isSeen(ordinal)) count++
    return count
  }

  /** The first ordinal of a digest, or -1. */
  #search(hi: number, lo: number): number {
    this.#slots ??= this.#buildSlots()
    const slots = this.#slots
    for (let at = slotOf(hi, slots.length); ; at = at + 1 === slots.length ? 0 : at + 1) {
      const ordinal = (slots[at] as number) - 1 // inside the slots: their number is more than the digests'
      if (ordinal < 0 || this.#isAt(ordinal, hi, lo)) return ordinal
    }
  }

  #buildSlots(): Int32Array {
    const slots = new Int32Array(Math.ceil(this.size / maxLoad) + 1)
    this.#twins = []
    for (let ordinal = 0; ordinal < this.size; ordinal++) {
      const chunk = this.#chunkOf(ordinal)
      const hi = chunk[(ordinal & chunkMask) << 1] as number // inside the chunk by the mask
      const lo = chunk[((ordinal & chunkMask) << 1) + 1] as number
      let at = slotOf(hi, slots.length)
      let first = slots[at] as number
      while (first !== 0 && !this.#isAt(first - 1, hi, lo)) {
        if (++at === slots.length) at = 0
        first = slots[at] as number
      }
      if (first === 0) slots[at] = ordinal + 1
      else this.#twins.push({ ordinal, first: first - 1 })
    }
    return slots
  }
}

/** The upper half as a fraction of the slots: any number of them will do. */
function slotOf(hi: number, slots: number): number {
  return (((hi >>> 0) * slots) / 2 ** 32) >>> 0
}

const halves = new Uint32Array(2)
const whole = new BigInt64Array(halves.buffer)
/** Where the machine keeps the lower half. */
const lowAt = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 0 : 1

/** Two halves, signed or not, as PostgreSQL's signed bigint takes them. Shared memory: shifting bigints costs three times that. */
export function digestText(hi: number, lo: number): string {
  halves[lowAt] = lo
  halves[1 - lowAt] = hi
  return String(whole[0])
}
