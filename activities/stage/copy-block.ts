/** Bytes that COPY's text format reads as something else, and NUL, which PostgreSQL does not store; 0 for all others. */
const special = Uint8Array.from({ length: 128 }, (_, byte) =>
  '\0\t\n\r\\'.includes(String.fromCharCode(byte)) ? 1 : 0,
)

const tab = 0x09
const newline = 0x0a
const backslash = 0x5c
const upperN = 0x4e

/** Room at the start, in bytes; what has to fit is never cut. */
const firstSize = 1 << 17

/**
 * Lines in COPY's text format, written as bytes into one block of memory: joining strings to lines would leave more
 * garbage than the values themselves. Every cell but the first of a line begins with its own separator.
 */
export class CopyBlock {
  #bytes = Buffer.allocUnsafeSlow(firstSize)
  #length = 0
  #isLineStart = true

  /** How many bytes wait. */
  get length(): number {
    return this.#length
  }

  text(text: string): void {
    // No character takes more than three bytes, and the escaped ones take two.
    this.#separate(text.length * 3)
    const bytes = this.#bytes
    const start = this.#length
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code > 127 || special[code] === 1) {
        this.#length += bytes.write(escape(text), start)
        return
      }
      bytes[start + at] = code
    }
    this.#length += text.length
  }

  /** A whole number, 0 or more. */
  count(count: number): void {
    this.#separate(16)
    let digits = 1
    for (let limit = 10; count >= limit; limit *= 10) digits++
    let rest = count
    for (let at = this.#length + digits - 1; at >= this.#length; at--) {
      this.#bytes[at] = 0x30 + (rest % 10)
      rest = Math.floor(rest / 10)
    }
    this.#length += digits
  }

  noValue(): void {
    this.#separate(2)
    this.#bytes[this.#length++] = backslash
    this.#bytes[this.#length++] = upperN
  }

  endLine(): void {
    this.#reserve(1)
    this.#bytes[this.#length++] = newline
    this.#isLineStart = true
  }

  /** Hands the lines out as memory of their own and begins anew. */
  take(): Buffer {
    const lines = Buffer.allocUnsafeSlow(this.#length)
    this.#bytes.copy(lines, 0, 0, this.#length)
    this.#length = 0
    if (this.#bytes.length > firstSize) this.#bytes = Buffer.allocUnsafeSlow(firstSize)
    return lines
  }

  #separate(size: number): void {
    this.#reserve(size + 1)
    if (!this.#isLineStart) this.#bytes[this.#length++] = tab
    this.#isLineStart = false
  }

  #reserve(size: number): void {
    const needed = this.#length + size
    if (needed <= this.#bytes.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2))
    this.#bytes.copy(grown, 0, 0, this.#length)
    this.#bytes = grown
  }
}

function escape(text: string): string {
  return text
    .replaceAll('\0', '')
    .replaceAll('\\', '\\\\')
    .replaceAll('\t', '\\t')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
}
