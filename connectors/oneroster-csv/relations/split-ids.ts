const firstCapacity = 64

/** Ordinals of ids that came again with other values. Four bytes a row, because a whole file may be in it. */
export class SplitIds {
  #ordinals = new Int32Array(firstCapacity)
  #count = 0

  get count(): number {
    return this.#count
  }

  add(ordinal: number): void {
    if (this.#count === this.#ordinals.length) {
      const grown = new Int32Array(this.#count * 2)
      grown.set(this.#ordinals)
      this.#ordinals = grown
    }
    this.#ordinals[this.#count++] = ordinal
  }

  /** Each ordinal once, rising. */
  list(): Int32Array {
    const sorted = this.#ordinals.slice(0, this.#count).sort()
    return sorted.filter((ordinal, at) => at === 0 || ordinal !== sorted[at - 1])
  }
}
