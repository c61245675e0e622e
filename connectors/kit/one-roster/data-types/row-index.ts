import { Hash64 } from '../../../../domain/hash64.ts'
import type { RowView } from '../../csv/row-view.ts'
import { grown, KeyNumbers } from '../../keys/key-numbers.ts'
import { readCell } from '../rows/cell-text.ts'
import { isWithdrawn, type FileTaker, type Positions } from './one-roster-type.ts'

type ReadCell = (column: string) => string

/**
 * Rows of a file by their ids, for those of later files that name them. In memory: a million classes say a few thousand
 * different things, each kept once, and of an id only its hash.
 */
export class RowIndex<Value> {
  readonly #ids = new KeyNumbers()
  /** At the number of an id: the number of what its row says. */
  #said = new Int32Array(1024)
  readonly #texts = new KeyNumbers()
  readonly #values: Value[] = []
  /** Ids of refused rows: what they would have said is not known. */
  readonly #refused = new Set<string>()
  readonly #hash = new Hash64()
  readonly #make: (read: ReadCell) => Value
  readonly #keepsWithdrawn: boolean

  constructor(make: (read: ReadCell) => Value, { keepsWithdrawn = false } = {}) {
    this.#make = make
    this.#keepsWithdrawn = keepsWithdrawn
  }

  take(positions: Positions): FileTaker {
    const status = positions.get('status') ?? -1
    return {
      row: (row: RowView, isAccepted) => {
        const read: ReadCell = (column) => readCell(row, positions.get(column) ?? -1)
        if (!isAccepted) this.#refused.add(read('sourcedId'))
        else if (this.#keepsWithdrawn || !isWithdrawn(row, status)) this.#keep(read('sourcedId'), this.#make(read))
      },
    }
  }

  find(key: string): Value | undefined {
    const { hi, lo } = this.#hash.reset().text(key).finish()
    const number = this.#ids.find(hi, lo)
    return number < 0 ? undefined : this.#values[this.#said[number] as number] // every number has its place
  }

  /** Whether a refused row may be what would tell of this id. */
  isUncertain(key: string): boolean {
    return this.#refused.has(key) || this.#refused.has('')
  }

  #keep(key: string, value: Value): void {
    const { hi, lo } = this.#hash.reset().text(key).finish()
    const number = this.#ids.give(hi, lo)
    if (number === this.#said.length) this.#said = grown(this.#said)
    this.#said[number] = this.#numberOf(value)
  }

  #numberOf(value: Value): number {
    const { hi, lo } = this.#hash.reset().text(JSON.stringify(value)).finish()
    const number = this.#texts.give(hi, lo)
    if (number === this.#values.length) this.#values.push(value)
    return number
  }
}
