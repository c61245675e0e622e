import { MemorySpill, type Spill } from './spill.ts'

const partitionBits = 6
const partitionCount = 1 << partitionBits
const entryWords = 3
const smallChunkWords = 32 * entryWords
const chunkWords = 512 * entryWords

/**
 * Finds which keys of a file came more than once, when the file has been read. Keys are only put down as they come,
 * in sixty-four partitions, and compared one partition at a time: a table that answers at once would cost a cache miss
 * a key, which is most of what a row may cost. Twelve bytes a key, and all but the last chunk of each partition lie in
 * the spill: with a file for it, a finder takes some 400 KiB, however many keys come.
 */
export class RepeatFinder {
  readonly #spill: Spill
  /** Where the full chunks of each partition are. */
  readonly #places: number[][] = Array.from({ length: partitionCount }, () => [])
  readonly #last: (Int32Array | undefined)[] = Array.from({ length: partitionCount }, () => undefined)
  readonly #lastLengths = new Int32Array(partitionCount)

  constructor(spill: Spill = new MemorySpill()) {
    this.#spill = spill
  }

  /** Puts down a key of 64 bits with the ordinal of its row. Throws what the spill throws. */
  add(hi: number, lo: number, ordinal: number): void {
    const index = hi >>> (32 - partitionBits)
    let chunk = this.#last[index]
    let length = this.#lastLengths[index] as number
    if (chunk === undefined || length === chunk.length) {
      chunk = this.#makeRoom(index, chunk)
      length = this.#lastLengths[index] as number
    }
    chunk[length] = hi
    chunk[length + 1] = lo
    chunk[length + 2] = ordinal
    this.#lastLengths[index] = length + entryWords
  }

  /**
   * Calls `onRepeat` with the ordinal of every key that had come before and the ordinal it came with first, in no
   * particular order, and forgets all. Throws what the spill throws.
   */
  settle(onRepeat: (ordinal: number, firstOrdinal: number) => void): void {
    const most = Math.max(...this.#places.map((_, index) => this.#wordsOf(index)))
    // Taken once for all partitions: the garbage of sixty-four would be on top of everything else at the file's end.
    const keys = new Int32Array(most)
    const slots = new Int32Array(2 ** (32 - Math.clz32((most / entryWords) * 2)))
    for (let index = 0; index < partitionCount; index++) {
      compareKeys(keys.subarray(0, this.#takePartition(index, keys)), slots.fill(0), onRepeat)
    }
  }

  #wordsOf(index: number): number {
    return (this.#places[index]?.length ?? 0) * chunkWords + (this.#lastLengths[index] as number)
  }

  /** A chunk of the partition with room for an entry. Small files get by with small ones. */
  #makeRoom(index: number, full: Int32Array | undefined): Int32Array {
    if (full?.length === chunkWords) {
      this.#places[index]?.push(this.#spill.append(full))
      this.#lastLengths[index] = 0
      return full
    }
    const chunk = new Int32Array(full === undefined ? smallChunkWords : chunkWords)
    if (full !== undefined) chunk.set(full)
    this.#last[index] = chunk
    return chunk
  }

  /** Moves a partition's words into `keys`, in the order they came; returns how many. */
  #takePartition(index: number, keys: Int32Array): number {
    let at = 0
    for (const place of this.#places[index] ?? []) {
      this.#spill.take(place, keys.subarray(at, at + chunkWords))
      at += chunkWords
    }
    const length = this.#lastLengths[index] as number
    const last = this.#last[index]
    if (last !== undefined) keys.set(last.subarray(0, length), at)
    this.#places[index] = []
    this.#last[index] = undefined
    this.#lastLengths[index] = 0
    return at + length
  }
}

function compareKeys(
  keys: Int32Array,
  slots: Int32Array,
  onRepeat: (ordinal: number, firstOrdinal: number) => void,
): void {
  const count = keys.length / entryWords
  for (let key = 0; key < count; key++) {
    const first = claim(slots, keys, key)
    if (first !== key) onRepeat(keys[key * entryWords + 2] as number, keys[first * entryWords + 2] as number)
  }
}

/** Takes a slot for the key, or finds the same key in one: the one whose slot it is. */
function claim(slots: Int32Array, keys: Int32Array, key: number): number {
  const hi = keys[key * entryWords] as number
  const lo = keys[key * entryWords + 1] as number
  const mask = slots.length - 1
  let at = lo & mask
  for (;;) {
    const taken = slots[at] as number
    if (taken === 0) {
      slots[at] = key + 1
      return key
    }
    const other = (taken - 1) * entryWords
    if ((keys[other] as number) === hi && (keys[other + 1] as number) === lo) return taken - 1
    at = (at + 1) & mask
  }
}
