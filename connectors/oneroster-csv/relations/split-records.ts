import type { MergedRecord } from '../../kit/one-roster/rows/row-hook.ts'
import { Hash64 } from '../../../domain/hash64.ts'
import type { Column } from '../../kit/one-roster/format/column.ts'
import { findFileDefinition } from '../../kit/one-roster/format/files.ts'
import { listItems } from '../../kit/one-roster/format/list-items.ts'
import { repairValue } from '../../kit/one-roster/format/repair-value.ts'
import { CellHash } from '../../kit/one-roster/rows/cell-hash.ts'
import { IdState } from '../index/id-table.ts'
import { checkRepeatedId, checkSplitRecord, repeatedId, splitRecord } from '../rules/reference/unique-ids.ts'
import type { RowView } from '../../kit/csv/row-view.ts'
import { TextRow } from '../../kit/csv/text-row.ts'
import type { FileRows } from './file-rows.ts'

export type SplitHandler = {
  /** A row that was accepted, or was a part, leaves: rows of its id contradict each other. */
  refuse(row: RowView, isFirst: boolean): void
  merge(record: MergedRecord): void
}

type Group = {
  readonly coreHi: number
  readonly coreLo: number
  readonly firstLine: number
  readonly isFirstAccepted: boolean
  /** Cells of the first row and of the first accepted one, packed: an array of strings takes three times as much. */
  readonly firstCells: string
  baseCells: string | undefined
  /** For each list column the items of the accepted rows so far. */
  readonly lists: string[][]
  /** Accepted rows behind the first. */
  readonly lines: number[]
  readonly rejectedLines: number[]
  isContradicted: boolean
}

/** Some 1 KB each at most, mostly less: a pass takes some 16 MB whatever the file holds. */
const groupsInPass = 16_384

/**
 * The rows of one file whose id came again with other values: read once more, to tell rows that differ in their lists
 * only (one row for each school is a common export), which are one record, from rows that contradict each other
 * . Which they are shows only when all have been seen, and the first of them was handed on long before.
 *
 * `dateLastModified` of a bulk file says nothing (F-13), so it contradicts nothing. Rows that other rules refused give
 * no items, and contradict the others all the same.
 */
export class SplitRecords {
  readonly passCount: number
  readonly #rows: FileRows
  readonly #ordinals: Int32Array
  readonly #columns: readonly (Column | undefined)[]
  readonly #listCells: readonly number[]
  readonly #coreCells: readonly number[]
  readonly #idCell: number
  readonly #handler: SplitHandler
  readonly #hash = new CellHash()
  readonly #core = new Hash64()
  readonly #groups = new Map<number, Group>()
  #from = 0
  #to = 0

  /** `width`: how many cells each row has. */
  constructor(rows: FileRows, width: number, handler: SplitHandler) {
    this.#rows = rows
    this.#handler = handler
    this.#ordinals = rows.splits.list()
    this.passCount = Math.ceil(this.#ordinals.length / groupsInPass)
    this.#idCell = rows.cell('sourcedId')
    const columns = new Map(
      findFileDefinition(rows.context.version, rows.name)?.columns.map((column) => [rows.cell(column.name), column]),
    )
    this.#columns = Array.from({ length: width }, (_, cell) => columns.get(cell))
    const cells = Array.from({ length: width }, (_, cell) => cell)
    const isList = (cell: number) => this.#columns[cell]?.isList === true
    const ignored = rows.mode === 'bulk' ? rows.cell('dateLastModified') : -1
    this.#listCells = cells.filter(isList)
    this.#coreCells = cells.filter((cell) => !isList(cell) && cell !== ignored)
  }

  beginPass(pass: number): void {
    this.#from = pass * groupsInPass
    this.#to = Math.min(this.#from + groupsInPass, this.#ordinals.length)
  }

  /** Every row of the file again, in each pass. */
  row(row: RowView, isRejected: boolean): void {
    if (!this.#hash.cell(row, this.#idCell)) return
    const ordinal = this.#rows.table.find(this.#hash)
    if (!this.#isInPass(ordinal)) return
    const core = this.#hashCore(row)
    const group = this.#groups.get(ordinal)
    if (group === undefined) {
      this.#groups.set(ordinal, this.#begin(row, isRejected, core))
      return
    }
    if (!group.isContradicted && group.coreHi === core.hi && group.coreLo === core.lo) {
      if (isRejected) group.rejectedLines.push(row.line)
      else {
        group.lines.push(row.line)
        this.#take(group, row)
      }
      return
    }
    if (!group.isContradicted) this.#contradict(ordinal, group)
    this.#refuse(row, isRejected, false)
  }

  /** Tells of the records that are one. */
  endPass(): void {
    for (const [ordinal, group] of this.#groups) if (!group.isContradicted) this.#merge(ordinal, group)
    this.#groups.clear()
  }

  #begin(row: RowView, isRejected: boolean, { hi, lo }: Hash64): Group {
    const group: Group = {
      ...{ coreHi: hi, coreLo: lo, firstLine: row.line, isFirstAccepted: !isRejected },
      ...{ firstCells: packCells(row), baseCells: undefined, lists: this.#listCells.map(() => []) },
      ...{ lines: [], rejectedLines: [], isContradicted: false },
    }
    if (!isRejected) this.#take(group, row)
    return group
  }

  #take(group: Group, row: RowView): void {
    group.baseCells ??= row.line === group.firstLine ? group.firstCells : packCells(row)
    for (const [index, cell] of this.#listCells.entries()) {
      const column = this.#columns[cell]
      const items = group.lists[index]
      if (column === undefined || items === undefined) continue
      for (const item of listItems(column, row.text(cell))) if (!items.includes(item)) items.push(item)
    }
  }

  #contradict(ordinal: number, group: Group): void {
    group.isContradicted = true
    this.#rows.table.addBits(ordinal, IdState.rejected)
    const cells = unpackCells(group.firstCells)
    this.#refuse(new TextRow(cells, group.firstLine), !group.isFirstAccepted, true)
    for (const line of group.lines) this.#refuse(new TextRow(cells, line), false, false)
    for (const line of group.rejectedLines) this.#refuse(new TextRow(cells, line), true, false)
  }

  /** `wasRejected`: another finding took the row out before. */
  #refuse(row: RowView, wasRejected: boolean, isFirst: boolean): void {
    this.#rows.report(repeatedId, checkRepeatedId(false), row, 'sourcedId')
    if (!wasRejected) this.#handler.refuse(row, isFirst)
  }

  #merge(ordinal: number, group: Group): void {
    const { baseCells, firstLine, lines } = group
    const lastLine = lines.at(-1)
    if (baseCells === undefined || lastLine === undefined) return
    const cells = unpackCells(baseCells)
    const problem = checkSplitRecord(true)
    for (const line of lines) {
      if (problem !== undefined) this.#rows.report(splitRecord, problem, new TextRow(cells, line), 'sourcedId')
    }
    // Refused on its own account the first row may be; the record is there.
    if (!group.isFirstAccepted) this.#rows.table.removeBits(ordinal, IdState.rejected)
    this.#handler.merge({
      first: new TextRow(unpackCells(group.firstCells), firstLine),
      isFirstAccepted: group.isFirstAccepted,
      merged: new TextRow(this.#withLists(cells, group.lists), lastLine),
      canonical: new TextRow(
        this.#withLists(
          cells,
          group.lists.map((items) => [...items].sort()),
        ),
        lastLine,
      ),
    })
  }

  #withLists(cells: readonly string[], lists: readonly (readonly string[])[]): readonly string[] {
    const merged = [...cells]
    for (const [index, cell] of this.#listCells.entries()) merged[cell] = (lists[index] ?? []).join(',')
    return merged
  }

  #hashCore(row: RowView): Hash64 {
    const core = this.#core.reset()
    for (const cell of this.#coreCells) core.text(repairValue(this.#columns[cell], row.text(cell))).separator()
    return core.finish()
  }

  #isInPass(ordinal: number): boolean {
    let low = this.#from
    let high = this.#to - 1
    while (low <= high) {
      const middle = (low + high) >>> 1
      const found = this.#ordinals[middle] as number // inside the array: between its ends
      if (found === ordinal) return true
      if (found < ordinal) low = middle + 1
      else high = middle - 1
    }
    return false
  }
}

function packCells(row: RowView): string {
  return JSON.stringify(Array.from({ length: row.width }, (_, cell) => row.text(cell)))
}

function unpackCells(packed: string): readonly string[] {
  // as: packed above.
  return JSON.parse(packed) as readonly string[]
}
