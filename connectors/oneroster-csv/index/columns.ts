/** Sixteen thousand entries a chunk: growth adds a chunk and never copies, so memory grows gently. */
const chunkBits = 14
const chunkMask = (1 << chunkBits) - 1

type NumberArray = Uint8Array | Uint16Array | Int32Array | Float64Array

/**
 * A growing column of numbers, one for each ordinal, in chunks. Reading an entry never written gives 0 (`empty` for
 * columns that were given another value).
 */
abstract class Column<Chunk extends NumberArray> {
  protected readonly chunks: (Chunk | undefined)[] = []
  protected abstract allocate(length: number): Chunk

  protected chunkFor(ordinal: number): Chunk {
    const index = ordinal >>> chunkBits
    return this.chunks[index] ?? this.#add(index)
  }

  #add(index: number): Chunk {
    while (this.chunks.length < index) this.chunks.push(undefined)
    const chunk = this.allocate(chunkMask + 1)
    this.chunks[index] = chunk
    return chunk
  }
}

/** A byte for each ordinal. */
export class ByteColumn extends Column<Uint8Array> {
  protected override allocate(length: number): Uint8Array {
    return new Uint8Array(length)
  }

  get(ordinal: number): number {
    const chunk = this.chunks[ordinal >>> chunkBits]
    return chunk === undefined ? 0 : (chunk[ordinal & chunkMask] as number)
  }

  set(ordinal: number, value: number): void {
    this.chunkFor(ordinal)[ordinal & chunkMask] = value
  }

  addBits(ordinal: number, bits: number): void {
    const chunk = this.chunkFor(ordinal)
    chunk[ordinal & chunkMask] = (chunk[ordinal & chunkMask] as number) | bits
  }

  /** Counts one more, up to 255, and says how many there are now. */
  increment(ordinal: number): number {
    const chunk = this.chunkFor(ordinal)
    const count = Math.min((chunk[ordinal & chunkMask] as number) + 1, 255)
    chunk[ordinal & chunkMask] = count
    return count
  }
}

/** Sixteen bits for each ordinal. */
export class ShortColumn extends Column<Uint16Array> {
  protected override allocate(length: number): Uint16Array {
    return new Uint16Array(length)
  }

  get(ordinal: number): number {
    const chunk = this.chunks[ordinal >>> chunkBits]
    return chunk === undefined ? 0 : (chunk[ordinal & chunkMask] as number)
  }

  set(ordinal: number, value: number): void {
    this.chunkFor(ordinal)[ordinal & chunkMask] = value
  }

  addBits(ordinal: number, bits: number): void {
    const chunk = this.chunkFor(ordinal)
    chunk[ordinal & chunkMask] = (chunk[ordinal & chunkMask] as number) | bits
  }
}

/** A signed 32-bit number for each ordinal. */
export class WordColumn extends Column<Int32Array> {
  readonly #empty: number

  constructor(empty = 0) {
    super()
    this.#empty = empty
  }

  protected override allocate(length: number): Int32Array {
    const chunk = new Int32Array(length)
    return this.#empty === 0 ? chunk : chunk.fill(this.#empty)
  }

  get(ordinal: number): number {
    const chunk = this.chunks[ordinal >>> chunkBits]
    return chunk === undefined ? this.#empty : (chunk[ordinal & chunkMask] as number)
  }

  set(ordinal: number, value: number): void {
    this.chunkFor(ordinal)[ordinal & chunkMask] = value
  }

  add(ordinal: number, amount: number): number {
    const chunk = this.chunkFor(ordinal)
    const sum = ((chunk[ordinal & chunkMask] as number) + amount) | 0
    chunk[ordinal & chunkMask] = sum
    return sum
  }
}

/** A double for each ordinal; NaN where none was written. */
export class NumberColumn extends Column<Float64Array> {
  protected override allocate(length: number): Float64Array {
    return new Float64Array(length).fill(NaN)
  }

  get(ordinal: number): number {
    const chunk = this.chunks[ordinal >>> chunkBits]
    return chunk === undefined ? NaN : (chunk[ordinal & chunkMask] as number)
  }

  set(ordinal: number, value: number): void {
    this.chunkFor(ordinal)[ordinal & chunkMask] = value
  }
}
