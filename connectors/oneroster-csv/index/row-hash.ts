import type { RowView } from '../../kit/csv/row-view.ts'

const comma = 0x2c
/** Stands for a comma inside a quoted cell, so that the cell cannot be taken for two. */
const innerComma = 0x1f

/**
 * A hash of 32 bits over all values of a row, the same whether cells are quoted or not. Two rows with one id and
 * different values pass for identical with a chance of one in four thousand million.
 */
export class RowHash {
  #bytes: Uint8Array = new Uint8Array(0)
  #view: DataView = new DataView(new ArrayBuffer(0))
  #joined = new Uint8Array(1024)
  #joinedView = new DataView(this.#joined.buffer)

  row(row: RowView): number {
    const { starts, ends, width } = row
    const start = starts[0] as number
    const end = ends[width - 1] as number
    let length = width - 1
    for (let cell = 0; cell < width; cell++) length += (ends[cell] as number) - (starts[cell] as number)
    // Nothing but one comma between the cells: the bytes of the row are its values joined by commas.
    if (length === end - start) {
      if (row.bytes !== this.#bytes) {
        this.#bytes = row.bytes
        this.#view = new DataView(row.bytes.buffer, row.bytes.byteOffset, row.bytes.byteLength)
      }
      return hashWords(this.#view, start, end)
    }
    this.#join(row, length)
    return hashWords(this.#joinedView, 0, length)
  }

  #join(row: RowView, length: number): void {
    if (length > this.#joined.length) {
      this.#joined = new Uint8Array(length * 2)
      this.#joinedView = new DataView(this.#joined.buffer)
    }
    const joined = this.#joined
    const { bytes, starts, ends, width } = row
    let to = 0
    for (let cell = 0; cell < width; cell++) {
      if (cell > 0) joined[to++] = comma
      for (let at = starts[cell] as number, end = ends[cell] as number; at < end; at++) {
        const byte = bytes[at] as number
        joined[to++] = byte === comma ? innerComma : byte
      }
    }
  }
}

function hashWords(view: DataView, start: number, end: number): number {
  let even = 0x2545f491
  let odd = 0x3c6ef372
  let at = start
  // Two lanes, because one would wait for its own multiplication at every word.
  for (const last = end - 8; at <= last; at += 8) {
    even = Math.imul(even ^ view.getInt32(at, true), 0x5bd1e995)
    even ^= even >>> 15
    odd = Math.imul(odd ^ view.getInt32(at + 4, true), 0x2c1b3c6d)
    odd ^= odd >>> 13
  }
  for (; at < end; at++) {
    even = Math.imul(even ^ view.getUint8(at), 0x5bd1e995)
    even ^= even >>> 15
  }
  let hash = even ^ Math.imul((odd << 7) | (odd >>> 25), 0x85ebca6b) ^ (end - start)
  hash = Math.imul(hash ^ (hash >>> 16), 0xc2b2ae35)
  return hash ^ (hash >>> 15)
}
