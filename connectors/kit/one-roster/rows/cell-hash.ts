import { CellMark } from '../../csv/row-view.ts'
import type { RowView } from '../../csv/row-view.ts'

const space = 0x20
const tab = 0x09

/**
 * The hash of one cell at a time, for telling ids apart in compact tables; not for secrets. `hi` and `lo` together
 * are the value exactly, `hi` and `foldedLo` the value with ASCII capitals made small: two spellings of one id agree
 * in the latter only. Four bytes a step and no allocation, because every id of every row comes through here.
 */
export class CellHash {
  hi = 0
  lo = 0
  /** Equal to `lo` when there is no capital. */
  foldedLo = 0

  #bytes: Uint8Array = new Uint8Array(0)
  #view: DataView = new DataView(new ArrayBuffer(0))
  readonly #encoder = new TextEncoder()
  #encoded = new Uint8Array(512)

  /** Hashes the cell without blanks at its ends; false, and nothing hashed, when nothing is left. */
  cell(row: RowView, cell: number): boolean {
    if (cell < 0 || cell >= row.width) return false
    const start = row.starts[cell] as number
    const end = row.ends[cell] as number
    if (start >= end) return false
    const marks = row.marks[cell] as number
    if ((marks & CellMark.escapedQuote) !== 0) return this.text(row.text(cell))
    if ((marks & CellMark.blank) !== 0) return this.trimmed(row.bytes, start, end)
    if ((marks & CellMark.upperCase) !== 0) this.#folded(row.bytes, start, end)
    else this.#plain(row.bytes, start, end)
    return true
  }

  /** Hashes `bytes[start, end)` without blanks at its ends; false when nothing is left. */
  trimmed(bytes: Uint8Array, start: number, end: number): boolean {
    let from = start
    let to = end
    while (from < to && isBlank(bytes[from] as number)) from++
    while (to > from && isBlank(bytes[to - 1] as number)) to--
    if (from === to) return false
    this.#folded(bytes, from, to)
    return true
  }

  /** Hashes a text as its UTF-8 bytes, without blanks at its ends; false when nothing is left. */
  text(text: string): boolean {
    if (text.length * 3 > this.#encoded.length) this.#encoded = new Uint8Array(text.length * 6)
    return this.trimmed(this.#encoded, 0, this.#encoder.encodeInto(text, this.#encoded).written)
  }

  #viewOf(bytes: Uint8Array): DataView {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    }
    return this.#view
  }

  #plain(bytes: Uint8Array, start: number, end: number): void {
    const view = this.#viewOf(bytes)
    let hi = 0x3c6ef372
    let lo = 0x1b873593
    let at = start
    for (const last = end - 4; at <= last; at += 4) {
      const word = mixWord(view.getInt32(at, true))
      lo = (Math.imul((lo << 13) | (lo >>> 19), 5) + (word ^ 0x64)) | 0
      hi = Math.imul((((hi << 11) | (hi >>> 21)) + word) | 0, 0x2c1b3c6d) ^ lo
    }
    if (at < end) {
      const word = mixWord(readTail(bytes, at, end))
      lo = (Math.imul((lo << 13) | (lo >>> 19), 5) + (word ^ 0x64)) | 0
      hi = Math.imul((((hi << 11) | (hi >>> 21)) + word) | 0, 0x2c1b3c6d) ^ lo
    }
    this.#finish(hi, lo, end - start)
  }

  #folded(bytes: Uint8Array, start: number, end: number): void {
    const view = this.#viewOf(bytes)
    let hi = 0x3c6ef372
    let lo = 0x1b873593
    let capitals = 0
    let anyCapital = 0
    for (let at = start; at < end; at += 4) {
      const raw = at + 4 <= end ? view.getInt32(at, true) : readTail(bytes, at, end)
      const capital = findCapitals(raw)
      anyCapital |= capital
      capitals = Math.imul(capitals ^ capital, 0x5bd1e995)
      capitals ^= capitals >>> 13
      const word = mixWord(raw | (capital >>> 2))
      lo = (Math.imul((lo << 13) | (lo >>> 19), 5) + (word ^ 0x64)) | 0
      hi = Math.imul((((hi << 11) | (hi >>> 21)) + word) | 0, 0x2c1b3c6d) ^ lo
    }
    this.#finish(hi, lo, end - start)
    // Never the same with a capital in it, or an id in small letters would be taken for another spelling of it.
    if (anyCapital !== 0) this.lo ^= Math.imul(capitals ^ (capitals >>> 15), 0x85ebca6b) || 1
  }

  #finish(highLane: number, lowLane: number, length: number): void {
    let hi = highLane ^ length
    let lo = ((lowLane ^ length) + hi) | 0
    hi = Math.imul(hi ^ (hi >>> 16), 0x85ebca6b)
    lo = Math.imul(lo ^ (lo >>> 15), 0xc2b2ae35)
    hi = (Math.imul(hi ^ (hi >>> 13), 0xc2b2ae35) + lo) | 0
    lo = Math.imul(lo ^ (lo >>> 13), 0x27d4eb2f) ^ hi
    this.hi = hi ^ (hi >>> 16)
    this.lo = lo ^ (lo >>> 15)
    this.foldedLo = this.lo
  }
}

function isBlank(byte: number): boolean {
  return byte === space || byte === tab
}

function mixWord(word: number): number {
  const mixed = Math.imul(word, 0xcc9e2d51)
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593)
}

/** The last one to three bytes as a word. */
function readTail(bytes: Uint8Array, start: number, end: number): number {
  let word = 0
  for (let at = end - 1; at >= start; at--) word = (word << 8) | (bytes[at] as number)
  return word
}

/** 0x80 in every byte of the word that is an ASCII capital (four bytes at once, no carry crosses a byte). */
function findCapitals(word: number): number {
  const low = word & 0x7f7f7f7f
  const fromA = low + 0x3f3f3f3f
  const afterZ = low + 0x25252525
  return (fromA ^ afterZ) & ~word & 0x80808080
}
