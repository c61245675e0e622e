const encoder = new TextEncoder()
let encoded = new Uint8Array(1024)

/**
 * A 64-bit hash of bytes as two unsigned 32-bit halves. For telling rows and ids apart in compact tables, not for
 * secrets. Four bytes a step in two lanes and a final avalanche, with no allocation, which is why it is not a digest
 * of node:crypto (a microsecond a call). A text hashes as its UTF-8 bytes do.
 */
export class Hash64 {
  hi = 0
  lo = 0
  /** Bytes fed since the last separator: two values that differ only by NULs at their ends differ in this. */
  #length = 0

  reset(): this {
    this.hi = 0x9e3779b9 | 0
    this.lo = 0x85ebca6b | 0
    this.#length = 0
    return this
  }

  /** Goes on from where another hash was before its `finish`, behind a separator. */
  resume(hi: number, lo: number): this {
    this.hi = hi
    this.lo = lo
    this.#length = 0
    return this
  }

  /** Feeds one value, `bytes[start, end)`. */
  bytes(bytes: Uint8Array, start: number, end: number): this {
    let hi = this.hi
    let lo = this.lo
    let at = start
    // Inside the array by the caller's promise, here and below.
    for (const last = end - 4; at <= last; at += 4) {
      const word = mixWord(readWord(bytes, at))
      lo = (Math.imul((lo << 13) | (lo >>> 19), 5) + (word ^ 0x64)) | 0
      hi = Math.imul((((hi << 11) | (hi >>> 21)) + word) | 0, 0x2c1b3c6d) ^ lo
    }
    if (at < end) {
      const word = mixWord(readTail(bytes, at, end))
      lo = (Math.imul((lo << 13) | (lo >>> 19), 5) + (word ^ 0x64)) | 0
      hi = Math.imul((((hi << 11) | (hi >>> 21)) + word) | 0, 0x2c1b3c6d) ^ lo
    }
    this.hi = hi
    this.lo = lo
    this.#length += end - start
    return this
  }

  /**
   * Feeds the values `bytes[starts[i], ends[i])` for each `i` of `pieces`, a separator behind each: the same as `bytes`
   * and `separator` in turns, in one loop, because a row has a score of short cells.
   */
  pieces(bytes: Uint8Array, starts: Int32Array, ends: Int32Array, pieces: readonly number[]): this {
    let hi = this.hi
    let lo = this.lo
    for (const piece of pieces) {
      const end = ends[piece] as number
      const start = starts[piece] as number
      let at = start
      for (const last = end - 4; at <= last; at += 4) {
        const word = mixWord(readWord(bytes, at))
        lo = (Math.imul((lo << 13) | (lo >>> 19), 5) + (word ^ 0x64)) | 0
        hi = Math.imul((((hi << 11) | (hi >>> 21)) + word) | 0, 0x2c1b3c6d) ^ lo
      }
      if (at < end) {
        const word = mixWord(readTail(bytes, at, end))
        lo = (Math.imul((lo << 13) | (lo >>> 19), 5) + (word ^ 0x64)) | 0
        hi = Math.imul((((hi << 11) | (hi >>> 21)) + word) | 0, 0x2c1b3c6d) ^ lo
      }
      const length = end - start
      lo = (Math.imul((lo << 13) | (lo >>> 19), 5) + (length ^ 0x64)) | 0
      hi = Math.imul((((hi << 11) | (hi >>> 21)) + length) | 0, 0x2c1b3c6d) ^ lo
    }
    this.hi = hi
    this.lo = lo
    return this
  }

  /** Feeds one value, a text. */
  text(text: string): this {
    if (text.length * 3 > encoded.length) encoded = new Uint8Array(text.length * 6)
    return this.bytes(encoded, 0, encoder.encodeInto(text, encoded).written)
  }

  /** Marks the end of one value, so that `ab`,`c` and `a`,`bc` differ. */
  separator(): this {
    return this.#word(this.#length)
  }

  /** Feeds what another finished hash came to. */
  hash(other: { readonly hi: number; readonly lo: number }): this {
    return this.#word(other.hi | 0).#word(other.lo | 0)
  }

  /** Mixes the halves; read `hi` and `lo` (unsigned) afterwards. Feeding goes on only after `reset`. */
  finish(): this {
    this.separator()
    let hi = this.hi ^ (this.lo >>> 16)
    let lo = this.lo ^ (this.hi << 3)
    hi = Math.imul(hi ^ (hi >>> 16), 0x85ebca6b)
    lo = Math.imul(lo ^ (lo >>> 15), 0xc2b2ae35)
    hi ^= lo >>> 13
    lo ^= hi >>> 16
    hi = Math.imul(hi ^ (hi >>> 13), 0xc2b2ae35)
    lo = Math.imul(lo ^ (lo >>> 13), 0x27d4eb2f)
    this.hi = (hi ^ (hi >>> 16)) >>> 0
    this.lo = (lo ^ (lo >>> 15)) >>> 0
    return this
  }

  #word(word: number): this {
    this.lo = (Math.imul((this.lo << 13) | (this.lo >>> 19), 5) + (word ^ 0x64)) | 0
    this.hi = Math.imul((((this.hi << 11) | (this.hi >>> 21)) + word) | 0, 0x2c1b3c6d) ^ this.lo
    this.#length = 0
    return this
  }
}

function readWord(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  )
}

/** The last one to three bytes as a word. */
function readTail(bytes: Uint8Array, start: number, end: number): number {
  let word = 0
  for (let at = end - 1; at >= start; at--) word = (word << 8) | (bytes[at] as number)
  return word
}

function mixWord(word: number): number {
  const mixed = Math.imul(word, 0xcc9e2d51)
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593)
}
