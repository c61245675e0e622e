import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'

/**
 * Words in a temporary file that is opened by the first of them and has no name from then on: it is gone when it is
 * closed, or when the process is. What is written waits in the page cache of the system and not in the memory of the
 * process. Places are in bytes. Throws the errors of the file system.
 */
export class NamelessFile {
  readonly #folder: string
  #file: number | undefined
  #reserved = 0

  constructor(folder = tmpdir()) {
    this.#folder = folder
  }

  /** A place that is nobody else's, with room for so many bytes. */
  reserve(bytes: number): number {
    const place = this.#reserved
    this.#reserved += bytes
    return place
  }

  write(place: number, words: Int32Array): void {
    this.#file ??= openNameless(this.#folder)
    const bytes = bytesOf(words)
    for (let done = 0; done < bytes.length;) {
      done += writeSync(this.#file, bytes, done, bytes.length - done, place + done)
    }
  }

  read(place: number, into: Int32Array): void {
    if (this.#file === undefined) throw new RangeError('nothing was put down there')
    const bytes = bytesOf(into)
    for (let done = 0; done < bytes.length;) {
      const read = readSync(this.#file, bytes, done, bytes.length - done, place + done)
      if (read === 0) throw new Error('a temporary file is shorter than what was written to it')
      done += read
    }
  }

  /** Frees the room. Safe to call twice. */
  close(): void {
    const file = this.#file
    this.#file = undefined
    if (file !== undefined) closeSync(file)
  }
}

function openNameless(folder: string): number {
  const path = join(folder, `rollbook-${randomUUID()}.spill`)
  const file = openSync(path, 'wx+', 0o600)
  try {
    rmSync(path)
  } catch (error) {
    closeSync(file)
    throw error
  }
  return file
}

function bytesOf(words: Int32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
}
