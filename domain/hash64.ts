/**
 * A 64-bit hash of bytes, fed piece by piece, as two unsigned 32-bit halves. For telling rows and ids apart in
 * compact tables, not for secrets. Two independent multiply-xor lanes with a final avalanche; about two nanoseconds
 * a byte, with no allocation, which is why it is not a digest of node:crypto (a microsecond a call).
 */
export class Hash64 {
  hi = 0
  lo = 0

  reset(): this {
    this.hi = 0x9e3779b9 | 0
    this.lo = 0x85ebca6b | 0
    return this
  }

  /** Feeds `bytes[start, end)`. */
  bytes(bytes: Uint8Array, start: number, end: number): this {
    let hi = this.hi
    let lo = this.lo
    for (let at = start; at < end; at++) {
      // noUncheckedIndexedAccess: `at` is inside the array by the caller's promise.
      const byte = bytes[at] as number
      lo = Math.imul(lo ^ byte, 0x5bd1e995)
      lo ^= lo >>> 15
      hi = Math.imul(hi + byte, 0x01000193) ^ (lo >>> 7)
    }
    this.hi = hi
    this.lo = lo
    return this
  }

  /**
   * Feeds the pieces `bytes[starts[i], ends[i])` for each `i` of `pieces`, a separator behind each: the same as `bytes`
   * and `separator` in turns, in one loop, because a row has a score of short cells.
   */
  pieces(bytes: Uint8Array, starts: Int32Array, ends: Int32Array, pieces: readonly number[]): this {
    let hi = this.hi
    let lo = this.lo
    for (const piece of pieces) {
      const end = ends[piece] as number
      for (let at = starts[piece] as number; at < end; at++) {
        const byte = bytes[at] as number
        lo = Math.imul(lo ^ byte, 0x5bd1e995)
        lo ^= lo >>> 15
        hi = Math.imul(hi + byte, 0x01000193) ^ (lo >>> 7)
      }
      lo = Math.imul(lo ^ 0x1ff, 0x5bd1e995)
      hi = Math.imul(hi + 0x1ff, 0x01000193) ^ (lo >>> 7)
    }
    this.hi = hi
    this.lo = lo
    return this
  }

  /** Feeds the UTF-16 units of a text; an ASCII text gives the same hash as its bytes. */
  text(text: string): this {
    let hi = this.hi
    let lo = this.lo
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at)
      lo = Math.imul(lo ^ unit, 0x5bd1e995)
      lo ^= lo >>> 15
      hi = Math.imul(hi + unit, 0x01000193) ^ (lo >>> 7)
    }
    this.hi = hi
    this.lo = lo
    return this
  }

  /** Marks the end of one value, so that `ab`,`c` and `a`,`bc` differ. */
  separator(): this {
    this.lo = Math.imul(this.lo ^ 0x1ff, 0x5bd1e995)
    this.hi = Math.imul(this.hi + 0x1ff, 0x01000193) ^ (this.lo >>> 7)
    return this
  }

  /** Mixes the halves; read `hi` and `lo` (unsigned) afterwards. Feeding goes on only after `reset`. */
  finish(): this {
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
}
