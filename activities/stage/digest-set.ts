const partitionBits = 6
const partitionCount = 1 << partitionBits
const firstCapacity = 32
const maxLoad = 0.8
const growth = 1.25
/**
 * Of the upper half of a digest, a partition need not keep the bits that chose it; two of them are used: one makes every
 * entry differ from an empty place, the other says that the input has shown the digest again.
 */
const keptBits = -1 >>> partitionBits
const taken = 1 << 30
const seen = 1 << 31

/**
 * The 64-bit digests that we hold, with a mark on each that the input has shown again: about eleven bytes a digest, so
 * that a million held records cost some 11 MiB instead of a staged copy of the file. Open addressing in sixty-four
 * partitions, each growing by a quarter at another time: nothing need be known of how many will come, and neither
 * much room nor many grown-out tables stand empty at once. A look is one wait for memory.
 *
 * Two records with one digest (they would have the same key and the same values) cannot be told apart: both marks are
 * one, which is right, because a digest covers the key.
 */
export class DigestSet {
  readonly #partitions: Int32Array[] = []
  readonly #sizes = new Int32Array(partitionCount)

  constructor() {
    for (let index = 0; index < partitionCount; index++) {
      const capacity = Math.ceil(firstCapacity * growth ** (index / partitionCount))
      this.#partitions.push(new Int32Array(capacity * 2))
    }
  }

  /** Bytes held, for tests of the memory a set takes. */
  get byteLength(): number {
    return this.#partitions.reduce((sum, partition) => sum + partition.byteLength, 0)
  }

  get size(): number {
    return this.#sizes.reduce((sum, size) => sum + size, 0)
  }

  add(hi: number, lo: number): void {
    const index = hi >>> (32 - partitionBits)
    const partition = this.#partitions[index] as Int32Array // one for each value of the bits
    const entry = (hi & keptBits) | taken
    const at = find(partition, entry, lo | 0)
    if (partition[at] !== 0) return
    partition[at] = entry
    partition[at + 1] = lo
    const size = (this.#sizes[index] as number) + 1
    this.#sizes[index] = size
    if (size * 2 >= partition.length * maxLoad) this.#partitions[index] = grown(partition)
  }

  /** True when the digest is held; marks it as seen. */
  see(hi: number, lo: number): boolean {
    const partition = this.#partitions[hi >>> (32 - partitionBits)] as Int32Array // one for each value of the bits
    const at = find(partition, (hi & keptBits) | taken, lo | 0)
    const entry = partition[at] as number
    if (entry === 0) return false
    partition[at] = entry | seen
    return true
  }

  /** The held digests that were never seen, as signed 64-bit numbers in decimal text. */
  *listUnseen(): Generator<string> {
    for (const [index, partition] of this.#partitions.entries()) {
      for (let at = 0; at < partition.length; at += 2) {
        const entry = partition[at] as number // inside the array
        if (entry === 0 || (entry & seen) !== 0) continue
        const hi = (index << (32 - partitionBits)) | (entry & keptBits)
        yield digestText(hi, partition[at + 1] as number)
      }
    }
  }
}

/** Where the entry is, seen or not, or the empty place where it belongs. */
function find(partition: Int32Array, entry: number, lo: number): number {
  const capacity = partition.length >>> 1
  let at = (((lo >>> 0) * capacity) / 2 ** 32) >>> 0
  for (;;) {
    const held = partition[at * 2] as number
    if (held === 0 || ((held & ~seen) === entry && (partition[at * 2 + 1] as number) === lo)) return at * 2
    if (++at === capacity) at = 0
  }
}

function grown(partition: Int32Array): Int32Array {
  const capacity = Math.ceil((partition.length >>> 1) * growth)
  const larger = new Int32Array(capacity * 2)
  for (let from = 0; from < partition.length; from += 2) {
    const entry = partition[from] as number
    if (entry === 0) continue
    const lo = partition[from + 1] as number
    // All differ, so the first empty place will do.
    let at = (((lo >>> 0) * capacity) / 2 ** 32) >>> 0
    while (larger[at * 2] !== 0) if (++at === capacity) at = 0
    larger[at * 2] = entry
    larger[at * 2 + 1] = lo
  }
  return larger
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
