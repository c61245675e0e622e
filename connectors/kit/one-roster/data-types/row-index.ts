import type { RowView } from '../../csv/row-view.ts'
import { readCell } from '../rows/cell-text.ts'
import { isWithdrawn, type FileTaker, type Positions } from './one-roster-type.ts'

type ReadCell = (column: string) => string

/** Rows of a file by their ids, for those of later files that name them: in memory, so for files of few rows. */
export class RowIndex<Value> {
  readonly #values = new Map<string, Value>()
  /** Ids of refused rows: what they would have said is not known. */
  readonly #refused = new Set<string>()
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
        else if (this.#keepsWithdrawn || !isWithdrawn(row, status))
          this.#values.set(read('sourcedId'), this.#make(read))
      },
    }
  }

  find(key: string): Value | undefined {
    return this.#values.get(key)
  }

  /** Whether a refused row may be what would tell of this id. */
  isUncertain(key: string): boolean {
    return this.#refused.has(key) || this.#refused.has('')
  }
}
