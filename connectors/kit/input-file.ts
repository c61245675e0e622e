/**
 * The bytes of an archived input or of a file on disk, readable at any place: a ZIP's directory is at its end.
 * Reading past the end gives fewer bytes, never an error.
 */
export interface InputFile {
  /** For messages only. */
  readonly name: string
  readonly sizeBytes: number
  read(offset: number, lengthBytes: number): Promise<Buffer>
  /** Bytes `[offset, offset + lengthBytes)` in order, in pieces of a convenient size. */
  stream(offset: number, lengthBytes: number): AsyncIterable<Buffer>
}
