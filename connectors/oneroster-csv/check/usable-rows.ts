import { Hash64 } from '../../../domain/hash64.ts'
import type { RowView } from '../../kit/csv/row-view.ts'
import type { MergedRecord } from '../../kit/one-roster/rows/row-hook.ts'
import { SeenTexts } from './seen-texts.ts'
import type { FileMode } from '../../kit/one-roster/format/column.ts'
import { isWord } from '../../kit/one-roster/rows/cell-text.ts'
import { LineList } from './line-list.ts'
import type { RowHook } from '../../kit/one-roster/rows/row-hook.ts'

export type UsableCounts = { readonly schools: number; readonly students: number }

/** Counts the accepted schools and students of a package as its rows pass by. */
export class UsableRows implements RowHook {
  readonly #schools = new LineList()
  readonly #students = new LineList()
  readonly #studentIds = new SeenTexts()
  readonly #hash = new Hash64()
  #retractedSchools = 0
  #retractedStudents = 0
  #hasRoles = false
  #take: ((row: RowView) => void) | undefined

  get counts(): UsableCounts {
    return {
      schools: this.#schools.count - this.#retractedSchools,
      students: this.#students.count - this.#retractedStudents,
    }
  }

  beginFile(fileName: string, _mode: FileMode, positions: ReadonlyMap<string, number>): void {
    this.#take = this.#takerOf(fileName, (column) => positions.get(column) ?? -1)
  }

  row(row: RowView, isAccepted: boolean): void {
    if (isAccepted) this.#take?.(row)
  }

  merge({ isFirstAccepted, merged }: MergedRecord): void {
    if (!isFirstAccepted) this.#take?.(merged)
  }

  endFile(): void {
    this.#take = undefined
  }

  retract(fileName: string, _sourcedId: string, line: number): void {
    if (fileName === 'orgs' && this.#schools.has(line)) this.#retractedSchools++
    if (fileName === 'users' && this.#students.has(line)) this.#retractedStudents++
  }

  #takerOf(fileName: string, cellOf: (column: string) => number): ((row: RowView) => void) | undefined {
    const [idCell, typeCell, roleCell] = [cellOf('sourcedId'), cellOf('type'), cellOf('role')]
    switch (fileName) {
      case 'orgs':
        return (row) => {
          if (isWord(row, typeCell, 'school')) this.#schools.add(row.line)
        }
      case 'roles': {
        this.#hasRoles = true
        const [userCell, rankCell] = [cellOf('userSourcedId'), cellOf('roleType')]
        return (row) => {
          if (!isWord(row, roleCell, 'student') || !isWord(row, rankCell, 'primary')) return
          this.#studentIds.add(this.#hashOf(row, userCell))
        }
      }
      case 'users':
        return (row) => {
          const isStudent = this.#hasRoles
            ? this.#studentIds.has(this.#hashOf(row, idCell))
            : isWord(row, roleCell, 'student')
          if (isStudent) this.#students.add(row.line)
        }
      default:
        return undefined
    }
  }

  #hashOf(row: RowView, cell: number): Hash64 {
    return this.#hash
      .reset()
      .text(cell < 0 ? '' : row.text(cell).trim())
      .finish()
  }
}
