import type { RowView } from '../../csv/row-view.ts'
import { readCell } from '../rows/cell-text.ts'
import { isWithdrawn, type FileTaker, type Positions } from './one-roster-type.ts'

export type Session = {
  readonly title: string
  readonly type: string
  readonly startDate: string
  /** Exclusive: the day after the last day. */
  readonly endDate: string
  readonly schoolYear: string
}

/** The academic sessions of the package; some hundred at most. */
export class SessionIndex {
  readonly #sessions = new Map<string, Session>()
  /** Ids of refused rows: what they would have said is not known. */
  readonly #refused = new Set<string>()

  take(positions: Positions): FileTaker {
    const cell = (row: RowView, column: string) => readCell(row, positions.get(column) ?? -1)
    return {
      row: (row, isAccepted) => {
        if (!isAccepted) this.#refused.add(cell(row, 'sourcedId'))
        if (!isAccepted || isWithdrawn(row, positions.get('status') ?? -1)) return
        this.#sessions.set(cell(row, 'sourcedId'), {
          title: cell(row, 'title'),
          type: cell(row, 'type'),
          startDate: cell(row, 'startDate'),
          endDate: cell(row, 'endDate'),
          schoolYear: cell(row, 'schoolYear'),
        })
      },
    }
  }

  /** Whether a refused row may be what would tell of the session. */
  isUncertain(key: string): boolean {
    return this.#refused.has(key) || this.#refused.has('')
  }

  find(key: string): Session | undefined {
    return this.#sessions.get(key)
  }
}
