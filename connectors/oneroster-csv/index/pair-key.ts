/**
 * A key of 64 bits out of two ordinals and a third number. With the same third number different pairs have
 * different keys, because every step can be undone.
 */
export class PairKey {
  hi = 0
  lo = 0

  of(left: number, right: number, third = 0): this {
    let hi = left
    let lo = right ^ spread(hi + 0x3c6ef372)
    hi ^= spread(lo ^ third)
    lo ^= spread(hi + third)
    hi ^= spread(lo + 0x1b873593)
    this.hi = hi
    this.lo = lo
    return this
  }
}

function spread(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
