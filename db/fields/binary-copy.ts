import type { ClientBase } from 'pg'
import { to as copyTo } from 'pg-copy-streams'

/** A row as COPY sends it. Its arrays are those of the row before, with other numbers; the bytes stay as they are. */
export type BinaryRow = {
  readonly bytes: Buffer
  /** Where in `bytes` the value of each column begins. */
  readonly starts: Int32Array
  /** How many bytes it has; `nullLength` where it is null. */
  readonly lengths: Int32Array
}

export const nullLength = -1

/**
 * Runs a query of so many columns by COPY in binary form and hands out its rows as they come: the driver would read the
 * rows of a query as text whatever form they come in. Throws when the answer is not whole; the client is then of no use
 * to anybody else.
 */
export async function readBinaryRows(
  client: ClientBase,
  query: string,
  columnCount: number,
  receive: (row: BinaryRow) => void,
): Promise<void> {
  const reader = new BinaryCopyReader(columnCount, receive)
  // pg-copy-streams gives buffers; its type says only Readable.
  for await (const piece of client.query(copyTo(`copy (${query}) to stdout (format binary)`))) {
    reader.push(piece as Buffer) // as: see above
  }
  reader.end()
}

const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1')
const flagBytes = 4
const lengthBytes = 4
/** Then comes an extension, empty in every version so far, whose length is the last that the header says. */
const headerBytes = signature.length + flagBytes + lengthBytes
const columnCountBytes = 2
/** Stands where the number of columns would, behind the last row. */
const noMoreRows = -1

/** Reads COPY's binary format in whatever pieces it comes. */
export class BinaryCopyReader {
  readonly #columnCount: number
  readonly #receive: (row: BinaryRow) => void
  readonly #starts: Int32Array
  readonly #lengths: Int32Array
  /** What has come and was not read, and how much of it there must be before it is worth looking at again. */
  #pieces: Buffer[] = []
  #length = 0
  #wanted = headerBytes
  #at: 'header' | 'rows' | 'end' = 'header'

  constructor(columnCount: number, receive: (row: BinaryRow) => void) {
    this.#columnCount = columnCount
    this.#receive = receive
    this.#starts = new Int32Array(columnCount)
    this.#lengths = new Int32Array(columnCount)
  }

  push(piece: Buffer): void {
    this.#pieces.push(piece)
    this.#length += piece.length
    if (this.#length < this.#wanted) return
    const bytes = this.#pieces.length === 1 ? piece : Buffer.concat(this.#pieces)
    const rest = bytes.subarray(this.#read(bytes))
    this.#pieces = rest.length === 0 ? [] : [rest]
    this.#length = rest.length
  }

  /** Throws when more would have to come. */
  end(): void {
    if (this.#at !== 'end' || this.#length > 0) throw new Error('the answer to a COPY is not whole')
  }

  /** Up to where `bytes` is read; `#wanted` counts from there. */
  #read(bytes: Buffer): number {
    let at = 0
    if (this.#at === 'header') {
      if (!bytes.subarray(0, signature.length).equals(signature)) throw new Error('this is no answer to a COPY')
      at = headerBytes + bytes.readInt32BE(headerBytes - lengthBytes)
      this.#wanted = at
      if (at > bytes.length) return 0
      this.#at = 'rows'
    }
    while (this.#at === 'rows') {
      const end = this.#findEnd(bytes, at)
      if (end > bytes.length) {
        this.#wanted = end - at
        break
      }
      if (bytes.readInt16BE(at) === noMoreRows) this.#at = 'end'
      else this.#receive({ bytes, starts: this.#starts, lengths: this.#lengths })
      at = end
    }
    return at
  }

  /** Where the row at `at` ends, or if that cannot be seen yet, up to where there must be bytes to see more. */
  #findEnd(bytes: Buffer, at: number): number {
    let next = at + columnCountBytes
    if (next > bytes.length) return next
    const columnCount = bytes.readInt16BE(at)
    if (columnCount === noMoreRows) return next
    if (columnCount !== this.#columnCount) throw new Error(`a row of a COPY has ${columnCount} columns`)
    for (let column = 0; column < columnCount; column++) {
      if (next + lengthBytes > bytes.length) return next + lengthBytes
      const length = bytes.readInt32BE(next)
      next += lengthBytes
      this.#starts[column] = next
      this.#lengths[column] = length
      if (length !== nullLength) next += length
    }
    return next
  }
}
