import type { Column } from '../../kit/one-roster/format/column.ts'
import { CellHash } from '../../kit/one-roster/rows/cell-hash.ts'
import { IdState } from '../index/id-table.ts'
import type { IdTable } from '../index/id-table.ts'
import { targetFile, targetRecord, targetStays, type TargetState } from '../rules/reference/targets.ts'
import { CellMark } from '../../kit/csv/row-view.ts'
import type { RowView } from '../../kit/csv/row-view.ts'
import type { FileRows } from './file-rows.ts'

/**
 * How a reference is settled: `closed` in the file of the package, which is complete; `held` there or among the orgs
 * we hold; `open` there, and nothing is known of the rest; `absent` not at all, its file being missing.
 */
export type Resolution = 'closed' | 'held' | 'open' | 'absent'

/** A cell that is blank, the same as in the row before, one id (its hash is taken), or a list of ids. */
const Prepared = { nothing: 0, last: 1, one: 2, list: 3 } as const
type Prepared = (typeof Prepared)[keyof typeof Prepared]

const unknown = -1
const missing = -2
const refused = -3
const longestRemembered = 64
const comma = 0x2c

/** How references of this file to a target are settled. */
export function deriveResolution(rows: FileRows, target: string): Resolution {
  const { context, mode } = rows
  const targetMode = context.modes.get(target)
  if (context.hasFailed(target)) return 'open'
  if (mode === 'bulk' && targetMode === 'bulk') return 'closed'
  if (target === 'orgs' && context.heldOrgs !== undefined) return 'held'
  return mode === 'bulk' && targetMode === undefined ? 'absent' : 'open'
}

/** What became of a record, by the bits of its id (`IdState`). */
export function deriveTargetState(bits: number): TargetState {
  if ((bits & IdState.present) === 0) return 'unknown'
  return (bits & IdState.rejected) === 0 ? 'usable' : 'refused'
}

/** A column that points to records of a file read before, and the ordinals found. */
export class ReferenceColumn {
  /** The record that the last row pointed to: -1 when blank, or not known and not to be known. */
  ordinal = unknown
  /** The records that the last row pointed to, for lists; `count` of them. */
  readonly ordinals: number[] = []
  count = 0

  readonly #rows: FileRows
  readonly #column: Column
  readonly #target: string
  readonly #cell: number
  readonly #table: IdTable
  readonly #resolution: Resolution
  /** The last value that was in order. Rows of one class or school come together, and then nothing is looked up. */
  readonly #last = new Uint8Array(longestRemembered)
  #lastLength = 0
  #lastOrdinal = unknown
  readonly #hash = new CellHash()
  /** What `prepare` found in the cell. */
  #prepared: Prepared = Prepared.nothing

  constructor(rows: FileRows, column: Column, target: string) {
    this.#rows = rows
    this.#column = column
    this.#target = target
    this.#cell = rows.cell(column.name)
    this.#table = rows.context.table(target)
    this.#resolution = deriveResolution(rows, target)
  }

  /** Takes the hash of the cell and sends for its place in the table; to be called some work before `check`. */
  prepare(row: RowView): void {
    this.#prepared = this.#look(row)
    if (this.#prepared === Prepared.one) this.#table.touch(this.#hash)
  }

  /** Settles the cell that was prepared; false when the row is rejected. */
  check(row: RowView): boolean {
    this.ordinal = unknown
    this.count = 0
    if (this.#prepared === Prepared.nothing) return true
    if (this.#prepared === Prepared.last) {
      this.#found(this.#lastOrdinal)
      return true
    }
    if (this.#resolution === 'absent') return this.#reportFile(row)
    const start = row.starts[this.#cell] as number
    const end = row.ends[this.#cell] as number
    if (this.#prepared === Prepared.list) return this.#checkList(row, start, end)
    const found = this.#resolve()
    if (found === missing || found === refused) return this.#reportMissing(row, found === refused)
    const isWithdrawn = found >= 0 && (this.#table.bits(found) & IdState.withdrawn) !== 0
    if (isWithdrawn) this.#reportWithdrawn(row)
    else this.#remember(row.bytes, start, end, found)
    this.#found(found)
    return true
  }

  #look(row: RowView): Prepared {
    const cell = this.#cell
    if (cell < 0 || cell >= row.width) return Prepared.nothing
    const start = row.starts[cell] as number
    const end = row.ends[cell] as number
    if (start === end) return Prepared.nothing
    if (this.#isLast(row.bytes, start, end)) return Prepared.last
    if (this.#column.isList && ((row.marks[cell] as number) & CellMark.comma) !== 0) return Prepared.list
    return this.#hash.cell(row, cell) ? Prepared.one : Prepared.nothing
  }

  #checkList(row: RowView, start: number, end: number): boolean {
    const hash = this.#hash
    let isMissing = false
    let isRefused = false
    let isWithdrawn = false
    for (let from = start; from <= end;) {
      let to = from
      while (to < end && (row.bytes[to] as number) !== comma) to++
      if (hash.trimmed(row.bytes, from, to)) {
        const found = this.#resolve()
        if (found === missing) isMissing = true
        else if (found === refused) isRefused = true
        else this.#found(found)
        if (found >= 0 && (this.#table.bits(found) & IdState.withdrawn) !== 0) isWithdrawn = true
      }
      from = to + 1
    }
    if (isWithdrawn) this.#reportWithdrawn(row)
    return (!isMissing && !isRefused) || this.#reportMissing(row, !isMissing)
  }

  #found(ordinal: number): void {
    this.ordinal = ordinal
    this.ordinals[this.count++] = ordinal
  }

  #resolve(): number {
    const hash = this.#hash
    const { heldOrgs } = this.#rows.context
    const found = this.#table.find(hash)
    const isRead = found >= 0 && (this.#table.bits(found) & IdState.present) !== 0
    if (isRead && (this.#table.bits(found) & IdState.rejected) === 0) return found
    if (this.#resolution === 'open') return unknown
    if (this.#resolution === 'held' && heldOrgs?.has(hash.hi, hash.lo) === true) return unknown
    return isRead ? refused : missing
  }

  #reportFile(row: RowView): boolean {
    const problem = targetFile.check(false, this.#column.name, this.#target, this.#column.isRequired)
    return problem === undefined || this.#rows.reportTargetFile(problem, row, this.#column.name)
  }

  #reportMissing(row: RowView, isRefused: boolean): boolean {
    const problem = targetRecord.check(isRefused ? 'refused' : 'unknown', this.#target, this.#column.isRequired)
    return problem === undefined || !this.#rows.report(targetRecord, problem, row, this.#column.name)
  }

  #reportWithdrawn(row: RowView): void {
    const problem = targetStays.check(true, this.#target)
    if (problem !== undefined) this.#rows.report(targetStays, problem, row, this.#column.name)
  }

  #isLast(bytes: Uint8Array, start: number, end: number): boolean {
    const length = end - start
    if (length !== this.#lastLength) return false
    const last = this.#last
    // From the end, where ids that were counted up differ.
    for (let at = length - 1; at >= 0; at--) if ((bytes[start + at] as number) !== (last[at] as number)) return false
    return true
  }

  #remember(bytes: Uint8Array, start: number, end: number, ordinal: number): void {
    const length = end - start
    this.#lastLength = length <= longestRemembered ? length : 0
    this.#lastOrdinal = ordinal
    const last = this.#last
    for (let at = 0; at < this.#lastLength; at++) last[at] = bytes[start + at] as number
  }
}
