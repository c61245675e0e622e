import type { CsvSink } from '../../kit/csv/csv-reader.ts'
import type { CsvRow } from '../../kit/csv/csv-row.ts'
import { isCleanCell } from '../rules/clean/clean-cell.ts'
import { buildCheckedCell } from '../rules/cell-rule.ts'
import type { CsvFault } from '../../kit/csv/csv-fault.ts'
import { faultRules } from '../rules/csv/fault-rules.ts'
import { contentRules, shapeRules } from '../rules/csv/shape-rules.ts'
import type { OwnCodes } from '../../connector.ts'
import type { FindingSink, Profile } from '../../../domain/import-rules/finding.ts'
import { blankHeaderRule } from '../rules/header/blank-header-rule.ts'
import { headerPresence, headerRules } from '../rules/header/header-rules.ts'
import type { SplitRecords } from '../relations/split-records.ts'
import type { LateFinding, RelationChecks } from '../relations/relation-checks.ts'
import { readHeader } from '../rules/header/read-header.ts'
import { severityOf } from '../../../domain/import-rules/rule.ts'
import type { Problem, RuleEntry } from '../../../domain/import-rules/rule.ts'
import type { Spill } from '../../kit/keys/spill.ts'
import type { FileDefinition } from '../../kit/one-roster/format/column.ts'
import type { PackageFile } from '../package/open-package.ts'
import { bindRowRules, buildColumnChecks } from './column-checks.ts'
import type { BoundRowRule, ColumnCheck } from './column-checks.ts'
import { LineList } from './line-list.ts'
import { NormalRow } from './normal-row.ts'
import type { RowHook } from '../../kit/one-roster/rows/row-hook.ts'
import { isBlankLine, isSurplusBlank, readId } from './row-reading.ts'

export type FileCheckOptions = {
  readonly profile: Profile
  readonly sink: FindingSink
  readonly relations: RelationChecks
  readonly spill: Spill
  readonly onRow: RowHook | undefined
  readonly ownCodes?: OwnCodes | undefined
  readonly maxRows: number
  /** Ends the reading of this file. */
  readonly stop: () => void
}

/** Every rule that looks at one file, row by row; counts what is accepted. */
export class FileCheck implements CsvSink {
  rows = 0
  rejected = 0
  readonly rejectedLines = new LineList()
  /** Lines of rows that add to an earlier one. */
  readonly #partLines = new LineList()
  /** Findings about rows that went by, known only at the end of the file. */
  readonly late: LateFinding[] = []
  /** -1 while unknown. */
  idCell = -1
  readonly #file: PackageFile
  readonly #definition: FileDefinition
  readonly #options: FileCheckOptions
  readonly #normal = new NormalRow()
  #hasHeader = false
  #isReadable = true
  #isUtf8 = true
  #columns: readonly ColumnCheck[] = []
  #rowRules: readonly BoundRowRule[] = []
  /** Cells whose header is blank, and whether a row has a value there. */
  readonly #blankHeaders = new Map<number, boolean>()

  constructor(file: PackageFile, definition: FileDefinition, options: FileCheckOptions) {
    this.#file = file
    this.#definition = definition
    this.#options = options
  }

  fault(fault: CsvFault): void {
    for (const rule of faultRules) this.#report(rule, rule.check(fault), fault.line)
    // The three that leave the rest of the file readable.
    const goesOn = ['byteOrderMark', 'notUtf8', 'loneCarriageReturn', 'readAsWindows1252'].includes(fault.kind)
    if (!goesOn) this.#isReadable = false
    if (fault.kind === 'notUtf8') this.#isUtf8 = false
  }

  /** After the last row of a file that was read to its end: rows of one id that have to be looked at together. */
  findSplits(): SplitRecords | undefined {
    if (!this.#hasHeader || !this.#isReadable) return undefined
    const { relations, onRow } = this.#options
    return relations.splitRecords(this.#columns.length, {
      refuse: (row, isFirst) => {
        this.rejected++
        if (isFirst) onRow?.retract(this.#file.name, readId(row, this.idCell) ?? '', row.line)
        else onRow?.row(row, false)
      },
      merge: (record) => onRow?.merge?.(record),
    })
  }

  /** A row of the second reading as the first one took it, valid until the next call; undefined for a line without values. */
  reread(row: CsvRow): CsvRow | undefined {
    if (isBlankLine(row)) return undefined
    row.resize(this.#columns.length)
    return this.#normal.of(row, this.#columns)
  }

  row(row: CsvRow): void {
    if (isBlankLine(row)) this.#takeBlankLine(row)
    else if (!this.#hasHeader) this.#takeHeader(row)
    else this.#takeRow(row)
  }

  /** After the last row. */
  end(): void {
    if (!this.#hasHeader) {
      if (this.#isReadable) this.#report(headerPresence, headerPresence.check(this.#readHeader([]))[0], 1)
      return
    }
    for (const isFilled of this.#blankHeaders.values()) {
      this.#report(blankHeaderRule, blankHeaderRule.check({ isFilled }), 1)
    }
    if (this.#isReadable) {
      const content = { rows: this.rows, mode: this.#file.mode }
      for (const rule of contentRules) this.#report(rule, rule.check(content), undefined)
    }
    for (const { rule, watch, column } of this.#rowRules) {
      for (const { line, problem } of watch.end?.() ?? []) {
        // What is shared with an earlier row of the same record is shared with nobody.
        if (!this.#partLines.has(line)) this.#keepForLater(rule, problem, line, column)
      }
    }
    this.#options.relations.endFile(this.#isReadable)
    this.#options.onRow?.endFile()
  }

  /** The file turned out to be damaged: what was counted stays, what needs all rows is not asked. */
  breakOff(): void {
    this.#isReadable = false
    if (!this.#hasHeader) return
    this.#options.relations.endFile(false)
    this.#options.onRow?.endFile()
  }

  #readHeader(texts: readonly string[]): ReturnType<typeof readHeader> {
    return readHeader(this.#definition, this.#file.mode, texts)
  }

  #takeHeader(row: CsvRow): void {
    const header = this.#readHeader(Array.from({ length: row.width }, (_, cell) => row.text(cell)))
    const missing = headerPresence.check(header)[0]
    if (missing !== undefined) {
      this.#report(headerPresence, missing, row.line)
      this.#isReadable = false
      this.#options.stop()
      return
    }
    this.#hasHeader = true
    let isWhole = true
    for (const rule of headerRules) {
      for (const found of rule.check(header)) {
        this.#report(rule, found, row.line, found.column)
        if (severityOf(rule, this.#options.profile, found.isLesser) === 'block') isWhole = false
      }
    }
    for (const { name, cell } of header.cells) if (name === '') this.#blankHeaders.set(cell, false)
    this.#columns = buildColumnChecks(header, this.#options.ownCodes)
    this.#rowRules = bindRowRules(header, this.#options.spill)
    this.idCell = header.positions.get('sourcedId') ?? -1
    const { sizeBytes } = this.#file
    this.#options.relations.beginFile(`${this.#file.name}.csv`, header.positions, { sizeBytes, isWhole })
    this.#options.onRow?.beginFile(this.#file.name, this.#file.mode, header.positions)
  }

  #takeBlankLine(row: CsvRow): void {
    const shape = { width: row.width, headerWidth: row.width, isSurplusBlank: true, isBlank: true }
    for (const rule of shapeRules) {
      if (!this.#report(rule, rule.check(shape), row.line)) continue
      this.rows++
      this.#countRejected(row.line)
    }
  }

  #takeRow(row: CsvRow): void {
    if (this.rows >= this.#options.maxRows) {
      this.fault({ kind: 'tooManyRows', line: row.line })
      this.#options.stop()
      return
    }
    this.rows++
    // The cells of a row of another width may stand in the wrong columns: one finding on its width says it all.
    const isMisshapen = row.width !== this.#columns.length && this.#checkShape(row)
    let isRejected = isMisshapen || (!row.ahead.isClean && this.#checkCells(row))
    const normal = this.#normal.of(row, this.#columns)
    if (!isMisshapen && this.#checkRow(normal)) isRejected = true
    if (this.#blankHeaders.size > 0) this.#watchBlankHeaders(row)
    const fate = this.#options.relations.row(normal, isRejected)
    // Left out, and no mistake that could leave anybody out: the row before it was handed on.
    const isRepeat = fate === 'repeated' && !isRejected
    if (fate === 'rejected' || fate === 'repeated') isRejected = true
    if (fate === 'part') this.#partLines.add(row.line)
    if (isRejected) this.#countRejected(row.line)
    // An accepted part is handed out with the record that it belongs to.
    if (!isRepeat && (fate !== 'part' || isRejected)) this.#options.onRow?.row(normal, !isRejected, isMisshapen)
  }

  /** True when the row is to be rejected. */
  #checkCells(row: CsvRow): boolean {
    const { bytes, starts, ends, marks } = row
    const columns = this.#columns
    let isRejected = false
    for (let cell = 0; cell < columns.length; cell++) {
      const column = columns[cell] as ColumnCheck // inside the array: below its length
      const start = starts[cell] as number
      const end = ends[cell] as number
      if (start === end ? !column.mustBeFilled : isCleanCell(column.test, bytes, start, end, marks[cell] as number)) {
        continue
      }
      if (this.#lookCloser(row, cell, column)) isRejected = true
    }
    return isRejected
  }

  #checkRow(row: CsvRow): boolean {
    let isRejected = false
    for (const { rule, watch, cells, column } of this.#rowRules) {
      const found = watch.row(row, cells)
      if (found !== undefined && this.#report(rule, found, row.line, column, row)) isRejected = true
    }
    return isRejected
  }

  #lookCloser(row: CsvRow, cell: number, { place, rules }: ColumnCheck): boolean {
    // In a file that is not UTF-8 (C-01) a wrong byte must not pass for a character lost earlier (C-10) as well.
    const text = this.#isUtf8 ? row.text(cell) : row.text(cell).replaceAll('\ufffd', '?')
    const checked = buildCheckedCell(place, text)
    let isRejected = false
    for (const rule of rules) {
      if (this.#report(rule, rule.check(checked), row.line, place.columnName, row)) isRejected = true
    }
    return isRejected
  }

  /** Gives the row the header's width; true when it is to be rejected for having had another. */
  #checkShape(row: CsvRow): boolean {
    const headerWidth = this.#columns.length
    const shape = { width: row.width, headerWidth, isSurplusBlank: isSurplusBlank(row, headerWidth), isBlank: false }
    let isRejected = false
    for (const rule of shapeRules) {
      if (this.#report(rule, rule.check(shape), row.line, undefined, row)) isRejected = true
    }
    row.resize(headerWidth)
    return isRejected
  }

  #watchBlankHeaders(row: CsvRow): void {
    for (const [cell, isFilled] of this.#blankHeaders) {
      if (!isFilled && row.starts[cell] !== row.ends[cell]) this.#blankHeaders.set(cell, true)
    }
  }

  #countRejected(line: number): void {
    this.rejected++
    this.rejectedLines.add(line)
  }

  #keepForLater(rule: RuleEntry, found: Problem, line: number, column: string): void {
    const severity = severityOf(rule, this.#options.profile, found.isLesser)
    if (severity === undefined) return
    const { message } = found
    this.late.push({ file: this.#file.name, line, rule: rule.id, severity, column, message, isRejecting: false })
  }

  /** Tells what a rule found, if it found something that this profile asks for. True when that rejects the row. */
  #report(
    rule: RuleEntry,
    found: Problem | undefined,
    line: number | undefined,
    column?: string,
    row?: CsvRow,
  ): boolean {
    if (found === undefined) return false
    const severity = severityOf(rule, this.#options.profile, found.isLesser)
    if (severity === undefined) return false
    const sourcedId = row === undefined ? undefined : readId(row, this.idCell)
    this.#options.sink({
      rule: rule.id,
      severity,
      file: this.#file.fileName,
      line,
      column,
      sourcedId,
      message: found.message,
    })
    return severity === 'error' || severity === 'block'
  }
}
