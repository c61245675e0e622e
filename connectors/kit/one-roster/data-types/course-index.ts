import type { RowView } from '../../csv/row-view.ts'
import { readCell } from '../rows/cell-text.ts'
import type { FileTaker, Positions } from './one-roster-type.ts'

export type KnownCourse = { readonly code: string; readonly title: string; readonly subjects: string }

/** The courses of the package, for the classes that they are taught to; some ten thousand at most. */
export class CourseIndex {
  readonly #courses = new Map<string, KnownCourse>()

  take(positions: Positions): FileTaker {
    const cell = (row: RowView, column: string) => readCell(row, positions.get(column) ?? -1)
    return {
      row: (row, isAccepted) => {
        if (!isAccepted) return
        const [code, title, subjects] = [cell(row, 'courseCode'), cell(row, 'title'), cell(row, 'subjects')]
        this.#courses.set(cell(row, 'sourcedId'), { code, title, subjects })
      },
    }
  }

  /** A course that the package does not have is known by its id alone. */
  find(key: string): KnownCourse {
    const known = this.#courses.get(key)
    return known === undefined ? { code: key, title: '', subjects: '' } : { ...known, code: known.code || key }
  }
}
