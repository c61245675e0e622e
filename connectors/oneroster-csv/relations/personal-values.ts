import type { CellHash } from '../../kit/one-roster/rows/cell-hash.ts'
import { RepeatFinder } from '../../kit/keys/repeat-finder.ts'
import { personalValue } from '../rules/meaning/users.ts'
import { CellMark } from '../../kit/csv/row-view.ts'
import type { RowView } from '../../kit/csv/row-view.ts'
import type { FileRows } from './file-rows.ts'

const comma = 0x2c
const openBrace = 0x7b

/** S-20: e-mail addresses (ignoring case), identifiers and user ids that more than one active user has. */
export class PersonalValues {
  readonly #rows: FileRows
  readonly #hash: CellHash
  readonly #isAsked: boolean
  readonly #emailCell: number
  readonly #identifierCell: number
  readonly #userIdsCell: number
  readonly #emails: RepeatFinder
  readonly #identifiers: RepeatFinder
  readonly #userIds: RepeatFinder

  constructor(rows: FileRows, hash: CellHash) {
    this.#rows = rows
    this.#hash = hash
    const { spill } = rows.context
    this.#emails = new RepeatFinder(spill)
    this.#identifiers = new RepeatFinder(spill)
    this.#userIds = new RepeatFinder(spill)
    this.#isAsked = rows.context.asks(personalValue)
    this.#emailCell = rows.cell('email')
    this.#identifierCell = rows.cell('identifier')
    this.#userIdsCell = rows.cell('userIds')
  }

  /** Takes in the values of an active user. */
  note(row: RowView): void {
    if (!this.#isAsked) return
    const hash = this.#hash
    const user = this.#rows.ordinal
    if (hash.cell(row, this.#emailCell)) this.#emails.add(hash.hi, hash.foldedLo, user)
    if (hash.cell(row, this.#identifierCell)) this.#identifiers.add(hash.hi, hash.lo, user)
    const cell = this.#userIdsCell
    if (cell < 0 || cell >= row.width) return
    if (((row.marks[cell] as number) & CellMark.comma) !== 0) this.#noteList(row, cell, user)
    else if (hash.cell(row, cell)) this.#userIds.add(hash.hi, hash.lo, user)
  }

  settle(): void {
    this.#report(this.#emails, 'email')
    this.#report(this.#identifiers, 'identifier')
    this.#report(this.#userIds, 'userIds')
  }

  /** Items of `{type:id}` are separated by a comma before a brace; an id may hold commas itself. */
  #noteList(row: RowView, cell: number, user: number): void {
    const { bytes } = row
    const end = row.ends[cell] as number
    for (let from = row.starts[cell] as number; from < end;) {
      let to = from + 1
      while (to < end && !isItemEnd(bytes, to, end)) to++
      if (this.#hash.trimmed(bytes, from, to)) this.#userIds.add(this.#hash.hi, this.#hash.lo, user)
      from = to + 1
    }
  }

  #report(finder: RepeatFinder, column: string): void {
    const users = new Set<number>()
    finder.settle((user, firstUser) => {
      // The same id twice in one cell is no second user.
      if (user !== firstUser) users.add(user)
    })
    const problem = personalValue.check(true, column)
    if (problem === undefined) return
    for (const user of [...users].sort((one, other) => one - other)) {
      this.#rows.reportLate(personalValue, problem, user, column)
    }
  }
}

function isItemEnd(bytes: Uint8Array, at: number, end: number): boolean {
  if ((bytes[at] as number) !== comma) return false
  let next = at + 1
  while (next < end && (bytes[next] as number) <= 0x20) next++
  return next < end && (bytes[next] as number) === openBrace
}
