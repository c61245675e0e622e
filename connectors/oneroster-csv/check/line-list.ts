/** Lines of rows, added in rising order. Four bytes each, because a whole file may be in it. */
export class LineList {
  #lines = new Int32Array(64)
  #count = 0

  get count(): number {
    return this.#count
  }

  add(line: number): void {
    if (this.#count === this.#lines.length) {
      const grown = new Int32Array(this.#count * 2)
      grown.set(this.#lines)
      this.#lines = grown
    }
    this.#lines[this.#count++] = line
  }

  has(line: number): boolean {
    let low = 0
    let high = this.#count - 1
    while (low <= high) {
      const middle = (low + high) >>> 1
      const found = this.#lines[middle] as number // inside the array: below its count
      if (found === line) return true
      if (found < line) low = middle + 1
      else high = middle - 1
    }
    return false
  }
}
