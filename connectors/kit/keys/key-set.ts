const partitionBits = 6
const partitionCount = 1 << partitionBits
const firstCapacity = 16
const maxLoad = 0.8
const growth = 1.4

/**
 * A set of 64-bit keys and nothing else: about eleven to twelve bytes a key. Sixty-four partitions by the first bits of the
 * key, open addressing in each; a partition grows by a quarter, each at another time, so that the load is even.
 */
export class KeySet {
  size = 0
  readonly #partitions: Int32Array[] = []
  readonly #sizes = new Int32Array(partitionCount)

  constructor() {
    for (let index = 0; index < partitionCount; index++) {
      // Spread over one step of growth, or all partitions would grow at once and stand half empty at once.
      const capacity = Math.ceil(firstCapacity * growth ** (index / partitionCount))
      this.#partitions.push(new Int32Array(capacity * 2))
    }
  }

  /** Bytes held, for tests of the memory a set takes. */
  get byteLength(): number {
    return this.#partitions.reduce((sum, partition) => sum + partition.byteLength, 0)
  }

  /** Halves may be signed or not. */
  has(high: number, low: number): boolean {
    const hi = high | 0
    const partition = this.#partitions[hi >>> (32 - partitionBits)] as Int32Array // one for each value of the bits
    return isAt(partition, find(partition, hi, keyOf(hi, low | 0)))
  }

  /** Adds a key; false when it was there. */
  add(high: number, low: number): boolean {
    const hi = high | 0
    const index = hi >>> (32 - partitionBits)
    const partition = this.#partitions[index] as Int32Array // one for each value of the bits
    const key = keyOf(hi, low | 0)
    const at = find(partition, hi, key)
    if (isAt(partition, at)) return false
    partition[at] = hi
    partition[at + 1] = key
    this.size++
    const size = (this.#sizes[index] as number) + 1
    this.#sizes[index] = size
    if (size * 2 >= partition.length * maxLoad) this.#partitions[index] = grown(partition)
    return true
  }
}

/** An empty place is two zeros, so no key is. */
function keyOf(hi: number, lo: number): number {
  return lo === 0 && hi === 0 ? 1 : lo
}

/** Where the key is, or the empty place where it belongs. */
function find(partition: Int32Array, hi: number, lo: number): number {
  const capacity = partition.length >>> 1
  // The partition took the first bits of `hi`, so the place comes from `lo`.
  let at = (((lo >>> 0) * capacity) / 2 ** 32) >>> 0
  for (;;) {
    const high = partition[at * 2] as number
    const low = partition[at * 2 + 1] as number
    if ((high === hi && low === lo) || (high === 0 && low === 0)) return at * 2
    if (++at === capacity) at = 0
  }
}

function isAt(partition: Int32Array, at: number): boolean {
  return ((partition[at] as number) | (partition[at + 1] as number)) !== 0
}

function grown(partition: Int32Array): Int32Array {
  const larger = new Int32Array(Math.ceil((partition.length >>> 1) * growth) * 2)
  for (let at = 0; at < partition.length; at += 2) {
    if (!isAt(partition, at)) continue
    const hi = partition[at] as number
    const lo = partition[at + 1] as number
    const place = find(larger, hi, lo)
    larger[place] = hi
    larger[place + 1] = lo
  }
  return larger
}
