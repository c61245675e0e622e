/** An input by its bytes, and by what it says: two of other bytes may say the same. */
export type Input = { readonly bytes: string; readonly content: string }

export type Fate = 'open' | 'in' | 'discarded' | 'cancelled'

type Word = { readonly run: number; readonly content: string; readonly isChange: boolean }

/**
 * What people may expect, in a few lines. An import says its word when it begins to apply, or has nothing to apply; runs
 * are numbered in the order in which they were asked for. It may not once a newer one has; what somebody took back
 * counts as never said. The records are what the last word says.
 */
export class LastWordModel {
  readonly #words: Word[]
  /** The bytes that the records are known to be in step with. */
  inStepWith: string | null

  /** `base` was imported first. */
  constructor(base: Input) {
    this.#words = [{ run: 0, content: base.content, isChange: true }]
    this.inStepWith = base.bytes
  }

  get content(): string {
    return this.#words.at(-1)?.content ?? 'nothing'
  }

  maySpeak(run: number): boolean {
    return this.#words.every((word) => word.run < run)
  }

  speak(run: number, input: Input): void {
    const isChange = input.content !== this.content
    this.#words.push({ run, content: input.content, isChange })
    this.inStepWith = input.bytes
  }

  /** The run that an undo is about: the last one that changed records. */
  get lastChange(): number {
    return this.#words.findLast(({ isChange }) => isChange)?.run ?? -1
  }

  /** Takes back the last change, with every word since that only agreed with it. False when that is another one by now. */
  takeBack(run: number): boolean {
    if (this.lastChange !== run) return false
    this.#words.splice(this.#words.findIndex((word) => word.run === run))
    this.inStepWith = null
    return true
  }

  /** The newest run, by when it was asked for, whose word stands. */
  get newestWord(): string {
    const newest = this.#words.reduce<Word | undefined>(
      (best, word) => (best && best.run > word.run ? best : word),
      undefined,
    )
    return newest?.content ?? 'nothing'
  }
}
