import { NamelessFile } from './nameless-file.ts'
import type { Spill } from './spill.ts'

/** A spill in a temporary file, written and read at once, some kilobytes a time. Throws the errors of the file system. */
export class FileSpill implements Spill {
  readonly #file: NamelessFile
  #end = 0
  /** Pieces put down and not yet taken. */
  #held = 0

  constructor(folder?: string) {
    this.#file = new NamelessFile(folder)
  }

  append(words: Int32Array): number {
    const place = this.#end
    this.#file.write(place, words)
    this.#end += words.byteLength
    this.#held++
    return place
  }

  take(place: number, into: Int32Array): void {
    this.#file.read(place, into)
    // Written from the start again when all is taken: the next file of a package needs no more room than the last.
    if (--this.#held === 0) this.#end = 0
  }

  /** Frees the room. Safe to call twice. */
  close(): void {
    this.#file.close()
  }
}
