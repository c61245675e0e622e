import type { NamelessFile } from '../../connectors/kit/keys/nameless-file.ts'
import { grown } from '../../connectors/kit/keys/key-numbers.ts'
import { PagedWords } from '../../connectors/kit/keys/paged-words.ts'

/** A million digests in 8 MiB: most districts need no file. */
const pagesInMemory = 256
const maxLoad = 0.85

/**
 * The 64-bit digests that we hold, with a mark on each that the input has shown again. The first million or so lie in
 * memory, eight bytes each, the others in the file; five bytes more once one of them was searched for.
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
  readonly #digests: PagedWords
  /** A bit for each ordinal. */
  #seen = new Int32Array(1024)
  /** Where a look tries first. */
  #next = 0
  /**
   * By digest, open addressing: the ordinal plus one in the low bits, and above them as much of the digest as there is
   * room for, so that a search rarely looks at a digest that it does not want. Made by the first search.
   */
  #slots: Int32Array | undefined
  #ordinalMask = 0
  /** Ordinals whose digest an earlier one has, each with that one. */
  #twins: { readonly ordinal: number; readonly first: number }[] = []

  constructor(file?: NamelessFile) {
    this.#digests = new PagedWords(2, { file, pagesInMemory })
  }

  /** Bytes held in memory, for tests of what a set takes. */
  get byteLength(): number {
    return this.#digests.byteLength + this.#seen.byteLength + (this.#slots?.byteLength ?? 0)
  }

  add(hi: number, lo: number): void {
    this.#slots = undefined
    const ordinal = this.size++
    if (ordinal >>> 5 === this.#seen.length) this.#seen = grown(this.#seen)
    const words = this.#digests.seekToWrite(ordinal)
    const { at } = this.#digests
    words[at] = hi
    words[at + 1] = lo
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
      const words = this.#digests.seek(ordinal)
      const { at } = this.#digests
      yield digestText(words[at] as number, words[at + 1] as number) // every ordinal given out has its record
    }
  }

  #isAt(ordinal: number, hi: number, lo: number): boolean {
    if (ordinal >= this.size) return false
    const words = this.#digests.seek(ordinal)
    const { at } = this.#digests
    return (words[at] as number) === (hi | 0) && (words[at + 1] as number) === (lo | 0) // as in listUnseen
  }

  #isSeen(ordinal: number): boolean {
    return ((this.#seen[ordinal >>> 5] as number) & (1 << (ordinal & 31))) !== 0 // an ordinal has its bit
  }

  #mark(ordinal: number): void {
    this.#seen[ordinal >>> 5] = (this.#seen[ordinal >>> 5] as number) | (1 << (ordinal & 31)) // as in #isSeen
  }

  #unmark(ordinal: number): void {
    this.#seen[ordinal >>> 5] = (this.#seen[ordinal >>> 5] as number) & ~(1 << (ordinal & 31)) // as in #isSeen
  }

  #countSeen(): number {
    let count = 0
    for (let ordinal = 0; ordinal < this.size; ordinal++) if (this.#isSeen(ordinal)) count++
    return count
  }

  /** The first ordinal of a digest, or -1. */
  #search(hi: number, lo: number): number {
    this.#slots ??= this.#buildSlots()
    const slot = this.#slotOf(this.#slots, hi, lo)
    return ((this.#slots[slot] as number) & this.#ordinalMask) - 1 // inside the slots: their number is more than the digests'
  }

  /** Where the digest is, or the empty slot where it belongs. */
  #slotOf(slots: Int32Array, hi: number, lo: number): number {
    const mask = this.#ordinalMask
    for (let at = firstSlot(hi, slots.length); ; at = at + 1 === slots.length ? 0 : at + 1) {
      const slot = slots[at] as number // inside the slots, as in #search
      if (slot === 0) return at
      if (((slot ^ lo) & ~mask) === 0 && this.#isAt((slot & mask) - 1, hi, lo)) return at
    }
  }

  #buildSlots(): Int32Array {
    const slots = new Int32Array(Math.ceil(this.size / maxLoad) + 1)
    this.#ordinalMask = 2 ** (32 - Math.clz32(this.size)) - 1
    this.#twins = []
    for (let ordinal = 0; ordinal < this.size; ordinal++) {
      const words = this.#digests.seek(ordinal)
      const place = this.#digests.at
      const hi = words[place] as number // as in listUnseen
      const lo = words[place + 1] as number
      const at = this.#slotOf(slots, hi, lo)
      const slot = slots[at] as number
      if (slot === 0) slots[at] = (lo & ~this.#ordinalMask) | (ordinal + 1)
      else this.#twins.push({ ordinal, first: (slot & this.#ordinalMask) - 1 })
    }
    return slots
  }
}

/** The upper half as a fraction of the slots: any number of them will do. */
function firstSlot(hi: number, slots: number): number {
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
