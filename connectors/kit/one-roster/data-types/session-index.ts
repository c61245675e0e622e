import { RowIndex } from './row-index.ts'

export type Session = {
  readonly title: string
  readonly startDate: string
  /** Exclusive: the day after the last day. */
  readonly endDate: string
  readonly schoolYear: string
}

/** The academic sessions of the package; some hundred at most. */
export function createSessionIndex(): RowIndex<Session> {
  return new RowIndex((read) => ({
    title: read('title'),
    startDate: read('startDate'),
    endDate: read('endDate'),
    schoolYear: read('schoolYear'),
  }))
}
