import { Hash64 } from '../../domain/hash64.ts'
import { DigestSet } from './digest-set.ts'

const firstCapacity = 1 << 16

/**
 * Whether a column can be the id of the records (FieldSource `firstComplete`): every record fills it and no two share a
 * value. Asked of the first package only.
 */
export class ChoiceCheck {
  #values = new DigestSet(firstCapacity)
  #older: DigestSet[] = []
  readonly #hash = new Hash64()
  isBroken = false

  add(value: string): void {
    if (this.isBroken) return
    const { hi, lo } = this.#hash.reset().text(value).finish()
    if (value === '' || this.#values.see(hi, lo) || this.#older.some((set) => set.see(hi, lo))) {
      this.isBroken = true
      this.#older = []
      return
    }
    if (this.#values.isFull) {
      this.#older.push(this.#values)
      this.#values = new DigestSet(this.#values.size * 4)
    }
    this.#values.add(hi, lo)
  }
}
