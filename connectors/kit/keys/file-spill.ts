import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import type { Spill } from './spill.ts'

/**
 * A spill in a temporary file, opened by the first words that need it and without a name from then on: it is gone
 * when it is closed, or when the process is. Written and read at once, some kilobytes a time: the words wait in the
 * page cache of the system and not in the memory of the process. Throws the errors of the file system.
 */
export class FileSpill implements Spill {
  readonly #folder: string
  #file: number | undefined
  #end = 0
  /** Pieces put down and not yet taken. */
  #held = 0

  constructor(folder = tmpdir()) {
    this.#folder = folder
  }

  append(words: Int32Array): number {
    this.#file ??= openNameless(this.#folder)
    const place = this.#end
    const bytes = bytesOf(words)
    for (let done = 0; done < bytes.length;) {
      done += writeSync(this.#file, bytes, done, bytes.length - done, place + done)
    }
    this.#end += bytes.length
    this.#held++
    return place
  }

  take(place: number, into: Int32Array): void {
    if (this.#file === undefined) throw new RangeError('nothing was put down there')
    const bytes = bytesOf(into)
    for (let done = 0; done < bytes.length;) {
      const read = readSync(this.#file, bytes, done, bytes.length - done, place + done)
      if (read === 0) throw new Error('a temporary file is shorter than what was written to it')
      done += read
    }
    // Written from the start again when all is taken: the next file of a package needs no more room than the last.
    if (--this.#held === 0) this.#end = 0
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
