import { isUtf8 } from 'node:buffer'

/** Where the last whole UTF-8 character before `end` ends, looking back over at most one character. */
function endOfWholeCharacters(bytes: Uint8Array, from: number, end: number): number {
  for (let at = end - 1; at >= from && at >= end - 3; at--) {
    const byte = bytes[at] as number // inside the array: from <= at < end
    if (byte < 0x80) return end
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
      return at + length > end ? at : end
    }
  }
  return end
}

/**
 * Checks a growing buffer for UTF-8, block by block, with the native check (several gigabytes a second), which
 * cannot be told that a character continues in the next block.
 */
export class Utf8Check {
  isValid = true
  #checkedTo = 0

  /** `bytes[0, end)` is there now; what was there at the last call is unchanged. */
  extend(bytes: Buffer, end: number, isLast: boolean): void {
    if (!this.isValid) return
    const to = isLast ? end : endOfWholeCharacters(bytes, this.#checkedTo, end)
    this.isValid = isUtf8(bytes.subarray(this.#checkedTo, to))
    this.#checkedTo = to
  }

  /** The first `distance` bytes have left the buffer. */
  shift(distance: number): void {
    this.#checkedTo = Math.max(0, this.#checkedTo - distance)
  }
}
