import type { CellHash } from '../../kit/one-roster/rows/cell-hash.ts'
import type { NamelessFile } from '../../kit/keys/nameless-file.ts'
import { PagedWords } from '../../kit/keys/paged-words.ts'
import { LineColumn } from './line-column.ts'

/**
 * A record is four words, so that it lies within one cache line: the hash (low, high), the content, and in the last
 * the upper half of `foldedLo` above the sixteen bits that the owner sets.
 */
const recordWords = 4
const upperHalf = ~0xffff
const firstCapacity = 1 << 12
const maxLoad = 0.85
/** Small tables double; large ones grow by less, so that no large part of the memory stands empty. */
const largeCapacity = 1 << 20
const largeGrowth = 1.3
const mostReserved = 1 << 25

/** What is known of an id, in the low bits of `bits`. The other twelve are free for facts of the file's own. */
export const IdState = {
  /** A row with this id was read; without it the id is only spoken of by other files so far. */
  present: 1,
  /** The row may not be used: it broke a rule, or another row has the same id and says something else. */
  rejected: 2,
  /** The row's status takes it out of the roster. */
  withdrawn: 4,
  /** R-01 has spoken of the first row of this id. */
  reported: 8,
} as const

/**
 * The ids of one file, ten million of them in about 215 MB, and in a fourth of that where the records may lie in a file:
 * of ids that nobody asks for in an order of their own. An id is known by its hash of 64 bits: two different ids
 * are taken for one with a chance of one in 300,000 for ten million ids. Every id has an ordinal, 0 onwards in the
 * order of arrival, which also indexes the columns of others.
 *
 * Open addressing over slots of one word, linear probing: a
 * slot holds the ordinal plus one in its low bits and, in the bits to spare, a part of the hash, so that a probe
 * rarely has to look at a record. Growth fills new slots from the records.
 */
export class IdTable {
  size = 0
  readonly lines = new LineColumn()
  /** Whether the last `intern` passed an id that differs only in capitals. */
  metCaseTwin = false
  /** Written by `touch`, so that its look is not optimized away. */
  touched = 0

  readonly #records: PagedWords
  /** Where `find` looks first. */
  #behindLast = 0
  #slots = new Int32Array(firstCapacity)
  #limit = Math.floor(firstCapacity * maxLoad)
  #scale = firstCapacity / 2 ** 32
  /** The low bits of a slot. The part of the hash above them is never more than what a record keeps of it. */
  #ordinalMask = 0xffff

  constructor(file?: NamelessFile) {
    this.#records = new PagedWords(recordWords, { file })
  }

  /** Bytes held in memory, for tests of what a table takes. */
  get byteLength(): number {
    return this.#records.byteLength + this.#slots.byteLength + this.lines.byteLength
  }

  /**
   * Makes room for this many ids at once, so that the table need not grow on the way. A hint: the number may come from
   * an archive that lies, so beyond 32 million nothing is taken in advance.
   */
  reserve(ids: number): void {
    const believed = Math.min(ids, mostReserved)
    if (believed > this.#limit) this.#resize(Math.ceil(believed / (maxLoad - 0.05)))
  }

  /**
   * Looks at where an id would be, and does nothing with it: the memory is then on its way while the caller does other
   * work, before it asks in earnest. Waiting for memory is most of what a look-up costs.
   */
  touch(id: Pick<CellHash, 'hi'>): void {
    this.touched = this.#slots[((id.hi >>> 0) * this.#scale) >>> 0] as number
  }

  /**
   * The ordinal of an id, or -1. Looks first behind the one found last: files that speak of the same people mostly
   * list them in the same order, and then no look-up waits for memory.
   */
  find(id: Pick<CellHash, 'hi' | 'lo' | 'foldedLo'>): number {
    const guess = this.#behindLast
    if (guess < this.size) {
      const words = this.#records.seek(guess)
      const { at } = this.#records
      if ((words[at + 1] as number) === id.hi && (words[at] as number) === id.lo) {
        this.#behindLast = guess + 1
        return guess
      }
    }
    const found = this.#search(id.hi, id.lo, id.foldedLo)
    if (found >= 0) this.#behindLast = found + 1
    return found
  }

  /** The ordinal of an id, a new one (the `size` before the call) when it was not known. */
  intern(id: CellHash): number {
    this.metCaseTwin = false
    const found = this.#search(id.hi, id.lo, id.foldedLo)
    if (found >= 0) return found
    if (this.size === this.#limit) this.#grow()
    const ordinal = this.size++
    const words = this.#records.seekToWrite(ordinal)
    const { at } = this.#records
    words[at] = id.lo
    words[at + 1] = id.hi
    words[at + 3] = id.foldedLo & upperHalf
    this.#place(ordinal, id.hi, id.foldedLo)
    return ordinal
  }

  /** `IdState` and the file's own facts, sixteen bits. */
  bits(ordinal: number): number {
    return this.#word(ordinal, 3) & 0xffff
  }

  addBits(ordinal: number, bits: number): void {
    const words = this.#records.seekToWrite(ordinal)
    const at = this.#records.at + 3
    words[at] = (words[at] as number) | bits
  }

  removeBits(ordinal: number, bits: number): void {
    const words = this.#records.seekToWrite(ordinal)
    const at = this.#records.at + 3
    words[at] = (words[at] as number) & ~bits
  }

  /** The content hash kept for an ordinal. */
  content(ordinal: number): number {
    return this.#word(ordinal, 2)
  }

  setContent(ordinal: number, content: number): void {
    const words = this.#records.seekToWrite(ordinal)
    words[this.#records.at + 2] = content
  }

  /** How many ids with one of the `states` are in both tables. Looks up each id of the smaller one. */
  countShared(other: IdTable, states: number): number {
    if (other.size < this.size) return other.countShared(this, states)
    let shared = 0
    for (let ordinal = 0; ordinal < this.size; ordinal++) {
      const words = this.#records.seek(ordinal)
      const { at } = this.#records
      if (((words[at + 3] as number) & states) === 0) continue
      const found = other.#search(words[at + 1] as number, words[at] as number, words[at + 3] as number)
      if (found >= 0 && (other.bits(found) & states) !== 0) shared++
    }
    return shared
  }

  #word(ordinal: number, word: number): number {
    const words = this.#records.seek(ordinal)
    return words[this.#records.at + word] as number // every ordinal given out has its record
  }

  #search(hi: number, lo: number, foldedLo: number): number {
    const slots = this.#slots
    const capacity = slots.length
    const ordinalMask = this.#ordinalMask
    let at = ((hi >>> 0) * this.#scale) >>> 0
    for (;;) {
      const slot = slots[at] as number
      if (slot === 0) return -1
      if (((slot ^ foldedLo) & ~ordinalMask) === 0) {
        const ordinal = (slot & ordinalMask) - 1
        const words = this.#records.seek(ordinal)
        const { at: record } = this.#records
        if ((words[record + 1] as number) === hi) {
          if ((words[record] as number) === lo) return ordinal
          if ((((words[record + 3] as number) ^ foldedLo) & upperHalf) === 0) this.metCaseTwin = true
        }
      }
      if (++at === capacity) at = 0
    }
  }

  #place(ordinal: number, hi: number, foldedLo: number): void {
    const slots = this.#slots
    let at = ((hi >>> 0) * this.#scale) >>> 0
    while ((slots[at] as number) !== 0) if (++at === slots.length) at = 0
    slots[at] = (foldedLo & ~this.#ordinalMask) | (ordinal + 1)
  }

  #grow(): void {
    const capacity = this.#slots.length
    this.#resize(capacity < largeCapacity ? capacity * 2 : Math.ceil(capacity * largeGrowth))
  }

  #resize(capacity: number): void {
    // Let go before the new ones are taken: the records alone say what the slots were.
    this.#slots = new Int32Array(0)
    this.#slots = new Int32Array(capacity)
    this.#limit = Math.floor(capacity * maxLoad)
    this.#scale = capacity / 2 ** 32
    this.#ordinalMask = Math.max(2 ** (32 - Math.clz32(this.#limit)) - 1, 0xffff)
    for (let ordinal = 0; ordinal < this.size; ordinal++) {
      const words = this.#records.seek(ordinal)
      const { at } = this.#records
      this.#place(ordinal, words[at + 1] as number, words[at + 3] as number)
    }
  }
}
