import type { RowView } from '../../csv/row-view.ts'
import { readCell } from '../rows/cell-text.ts'
import { isWithdrawn, type FileTaker, type Positions } from './one-roster-type.ts'

export type KnownClass = { readonly course: string; readonly school: string; readonly terms: string }

/** The classes of the package, for those who are in them. */
export class ClassIndex {
  readonly #classes = new Map<string, KnownClass>()
  /** Ids of refused rows: what they would have said is not known. */
  readonly #refused = new Set<string>()

  take(positions: Positions): FileTaker {
    const cell = (row: RowView, column: string) => readCell(row, positions.get(column) ?? -1)
    return {
      row: (row, isAccepted) => {
        if (!isAccepted) this.#refused.add(cell(row, 'sourcedId'))
        if (!isAccepted || isWithdrawn(row, positions.get('status') ?? -1)) return
        this.#classes.set(cell(row, 'sourcedId'), {
          course: cell(row, 'courseSourcedId'),
          school: cell(row, 'schoolSourcedId'),
          terms: cell(row, 'termSourcedIds'),
        })
      },
    }
  }

  /** Whether a refused row may be what would tell of the class. */
  isUncertain(key: string): boolean {
    return this.#refused.has(key) || this.#refused.has('')
  }

  find(key: string): KnownClass | undefined {
    return this.#classes.get(key)
  }
}
