import { Hash64 } from '../../domain/hash64.ts'
import type { Spill } from '../../connectors/kit/keys/spill.ts'
import { RepeatFinder } from '../../connectors/kit/keys/repeat-finder.ts'

/**
 * Whether a column can be the id of the records (FieldSource `firstComplete`): every record fills it and no two share a
 * value. Asked of the first package only. A blank is known at once, a repeated value when all have come.
 */
export class ChoiceCheck {
  readonly #values: RepeatFinder
  readonly #hash = new Hash64()
  #count = 0
  hasBlank = false

  constructor(spill?: Spill) {
    this.#values = new RepeatFinder(spill)
  }

  add(value: string): void {
    if (value === '') this.hasBlank = true
    if (this.hasBlank) return
    const { hi, lo } = this.#hash.reset().text(value).finish()
    this.#values.add(hi, lo, this.#count++)
  }

  /** True when the column cannot be an id. Forgets the values. */
  isBroken(): boolean {
    let repeats = 0
    this.#values.settle(() => {
      repeats++
    })
    return this.hasBlank || repeats > 0
  }
}
