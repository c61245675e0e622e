const chunkBits = 14
const chunkMask = (1 << chunkBits) - 1

/**
 * The line of each ordinal. In an orderly file the lines of a stretch of ordinals run on by one, so a chunk keeps only
 * where it begins, and four bytes an entry from the first that does not fit: nothing for ten million rows of a usual
 * file. 0 is no line.
 */
export class LineColumn {
  readonly #starts: number[] = []
  readonly #counts: number[] = []
  readonly #chunks: (Int32Array | undefined)[] = []

  get byteLength(): number {
    return this.#chunks.reduce((sum, chunk) => sum + (chunk?.byteLength ?? 0), 0)
  }

  get(ordinal: number): number {
    const index = ordinal >>> chunkBits
    const offset = ordinal & chunkMask
    const chunk = this.#chunks[index]
    if (chunk !== undefined) return chunk[offset] as number
    return offset < (this.#counts[index] ?? 0) ? (this.#starts[index] ?? 0) + offset : 0
  }

  set(ordinal: number, line: number): void {
    const index = ordinal >>> chunkBits
    const offset = ordinal & chunkMask
    const chunk = this.#chunks[index]
    if (chunk !== undefined) {
      chunk[offset] = line
      return
    }
    while (this.#counts.length <= index) {
      this.#counts.push(0)
      this.#starts.push(0)
      this.#chunks.push(undefined)
    }
    const count = this.#counts[index] as number
    if (offset === count && (count === 0 || (this.#starts[index] as number) + count === line)) {
      if (count === 0) this.#starts[index] = line
      this.#counts[index] = count + 1
      return
    }
    this.#spell(index)[offset] = line
  }

  #spell(index: number): Int32Array {
    const chunk = new Int32Array(chunkMask + 1)
    const start = this.#starts[index] as number
    const count = this.#counts[index] as number
    for (let at = 0; at < count; at++) chunk[at] = start + at
    this.#chunks[index] = chunk
    return chunk
  }
}
