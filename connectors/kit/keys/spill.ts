/**
 * Room for words that are put down once and taken back once: memory, or a file where there is too little of it.
 * All pieces given to one spill have the same length.
 */
export interface Spill {
  /** Copies the words and says where they are. Throws what the room throws: a full disk is no finding. */
  append(words: Int32Array): number
  /** Copies the words put down at a place into `into`, and forgets them. */
  take(place: number, into: Int32Array): void
}

/** The room of those that are given none. */
export class MemorySpill implements Spill {
  readonly #pieces = new Map<number, Int32Array>()
  #next = 0

  append(words: Int32Array): number {
    this.#pieces.set(this.#next, words.slice())
    return this.#next++
  }

  take(place: number, into: Int32Array): void {
    const words = this.#pieces.get(place)
    if (words === undefined) throw new RangeError('nothing was put down there')
    into.set(words)
    this.#pieces.delete(place)
  }
}
