const slotCount = 256

/** A small set of words, asked with bytes; the first, the last and the length of a word nearly always tell it. */
export class WordSet {
  readonly #slots: (Uint8Array | undefined)[] = Array.from({ length: slotCount }, () => undefined)

  constructor(words: readonly string[]) {
    if (words.length >= slotCount) throw new RangeError(`${words.length} words are too many for a small set`)
    const encoder = new TextEncoder()
    for (const word of words) this.#add(encoder.encode(word))
  }

  #add(word: Uint8Array): void {
    let slot = slotOf(word, 0, word.length)
    while (this.#slots[slot] !== undefined) slot = (slot + 1) % slotCount
    this.#slots[slot] = word
  }

  has(bytes: Uint8Array, start: number, end: number): boolean {
    if (start >= end) return false
    for (let slot = slotOf(bytes, start, end); ; slot = (slot + 1) % slotCount) {
      const word = this.#slots[slot]
      if (word === undefined) return false
      if (isSame(word, bytes, start, end)) return true
    }
  }

  /** Whether every item between commas is in the set. */
  hasAll(bytes: Uint8Array, start: number, end: number): boolean {
    let itemStart = start
    for (let at = start; at < end; at++) {
      if (bytes[at] !== 0x2c) continue
      if (!this.has(bytes, itemStart, at)) return false
      itemStart = at + 1
    }
    return this.has(bytes, itemStart, end)
  }
}

function slotOf(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start] as number // the word is not empty
  const last = bytes[end - 1] as number // the word is not empty
  return (first * 31 + last * 7 + (end - start)) % slotCount
}

function isSame(word: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (word.length !== end - start) return false
  for (let at = 0; at < word.length; at++) if (word[at] !== bytes[start + at]) return false
  return true
}
