import type { FileMode } from '../../kit/one-roster/format/column.ts'
import { findFileDefinition } from '../../kit/one-roster/format/files.ts'
import { isWithdrawnStatus } from '../index/codes.ts'
import { IdState } from '../index/id-table.ts'
import type { IdTable } from '../index/id-table.ts'
import { targetFile } from '../rules/reference/targets.ts'
import { caseTwin, repeatedId, splitRecord } from '../rules/reference/unique-ids.ts'
import type { RowView } from '../../kit/csv/row-view.ts'
import { severityOf } from '../../../domain/import-rules/rule.ts'
import type { Problem, RuleEntry } from '../../../domain/import-rules/rule.ts'
import type { RelationContext } from './relation-context.ts'
import { SplitIds } from './split-ids.ts'

/** The check of one file while it is read. */
export type FileCheck = {
  readonly rows: FileRows
  /** Whether the row stays, by itself or as a part of an earlier one. */
  row(row: RowView, isRejected: boolean): boolean
  end(): void
}

const sampledRows = 256

/** The rows of the file that is being read: their ids, and how findings about them are told. */
export class FileRows {
  readonly context: RelationContext
  /** `users`. */
  readonly name: string
  readonly fileName: string
  readonly mode: FileMode
  readonly table: IdTable
  /** The ordinal of the row's id, -1 for a row without one. */
  ordinal = -1
  /** Whether the row's status takes it out of the roster: then nothing it points to matters. */
  isWithdrawn = false
  /** Whether the row may be a part of an earlier one of its id: `splits` has it, and only SplitRecords can tell. */
  isPart = false
  /** Whether the row says nothing but what an earlier one said. */
  isRepeat = false
  readonly splits = new SplitIds()

  readonly #positions: ReadonlyMap<string, number>
  readonly #findingFile: string
  readonly #sourcedIdCell: number
  readonly #statusCell: number
  readonly #width: number
  readonly #asksForCaseTwins: boolean
  readonly #mayBeSplit: boolean
  /** Lines of rows left out because they say the same as an earlier one, by the ordinal of both. */
  readonly #repeatedLines = new Map<number, number[]>()
  /** Of R-04. */
  readonly #toldColumns = new Set<string>()
  #toldLine = 0
  #sizeBytes: number
  #sampledRows = 0
  #sampledBytes = 0

  constructor(context: RelationContext, fileName: string, positions: ReadonlyMap<string, number>, sizeBytes: number) {
    this.context = context
    this.fileName = fileName
    this.name = fileName.replace(/\.csv$/i, '')
    this.#findingFile = /\.csv$/i.test(fileName) ? fileName : `${fileName}.csv`
    this.mode = context.modes.get(this.name) ?? 'bulk'
    this.table = context.table(this.name)
    this.#positions = positions
    this.#sourcedIdCell = this.cell('sourcedId')
    this.#statusCell = this.cell('status')
    this.#width = Math.max(-1, ...positions.values()) + 1
    this.#asksForCaseTwins = context.asks(caseTwin)
    const columns = findFileDefinition(context.version, this.name)?.columns ?? []
    this.#mayBeSplit = context.asks(splitRecord) && columns.some(({ isList }) => isList)
    this.#sizeBytes = sizeBytes
    context.fileNames.set(this.name, fileName)
  }

  /** The place of a column in the rows; -1 when the file lacks it. */
  cell(column: string): number {
    return this.#positions.get(column) ?? -1
  }

  /**
   * Takes in the row's id. False when nothing else is to be looked at: the row repeats another or adds to it, or
   * its cells are not where the header says.
   */
  register(row: RowView, isRejected: boolean): boolean {
    const { table, context } = this
    this.ordinal = -1
    this.isPart = false
    this.isRepeat = false
    this.isWithdrawn = isWithdrawnStatus(row, this.#statusCell)
    if (this.#sizeBytes > 0) this.#sample(row)
    if (!context.hash.cell(row, this.#sourcedIdCell)) return false
    table.touch(context.hash)
    const content = row.ahead?.hasContent === true ? row.ahead.content : context.rowHash.row(row)
    const ordinal = table.intern(context.hash)
    if (table.metCaseTwin && this.#asksForCaseTwins) {
      const problem = caseTwin.check(true)
      if (problem !== undefined) this.report(caseTwin, problem, row, 'sourcedId')
    }
    this.ordinal = ordinal
    if ((table.bits(ordinal) & IdState.present) !== 0) {
      this.isPart = this.#mayBeSplit && table.content(ordinal) !== content
      if (this.isPart) this.splits.add(ordinal)
      else this.#reportRepeat(row, content)
      return false
    }
    let bits: number = IdState.present
    if (isRejected) bits |= IdState.rejected
    if (this.isWithdrawn) bits |= IdState.withdrawn
    table.addBits(ordinal, bits)
    table.setContent(ordinal, content)
    table.lines.set(ordinal, row.line)
    return !isRejected || row.width === this.#width
  }

  /** Marks the current row as one that nobody may point to. Returns false, what its check then returns. */
  reject(): false {
    if (this.ordinal >= 0) this.table.addBits(this.ordinal, IdState.rejected)
    return false
  }

  /** Tells of a problem of the current row, if the profile asks; true when the row is rejected by it. */
  report(rule: RuleEntry, problem: Problem, row: RowView, column?: string): boolean {
    const severity = severityOf(rule, this.context.profile, problem.isLesser)
    if (severity === undefined) return false
    const id = this.#sourcedIdCell < 0 || this.#sourcedIdCell >= row.width ? '' : row.text(this.#sourcedIdCell).trim()
    this.context.sink({
      rule: rule.id,
      severity,
      file: this.#findingFile,
      line: row.line,
      column,
      sourcedId: id === '' ? undefined : id,
      message: problem.message,
    })
    return severity === 'error'
  }

  /**
   * told of each row that it refuses, once a row, and once a column where it refuses none. Whether the row stays.
   */
  reportTargetFile(problem: Problem, row: RowView, column: string): boolean {
    if (severityOf(targetFile, this.context.profile, problem.isLesser) !== 'error') {
      if (!this.#toldColumns.has(column)) this.report(targetFile, problem, row, column)
      this.#toldColumns.add(column)
      return true
    }
    if (this.#toldLine !== row.line) this.report(targetFile, problem, row, column)
    this.#toldLine = row.line
    return false
  }

  /** Tells of a problem of a row that has gone by; true when the row is rejected by it. */
  reportLate(rule: RuleEntry, problem: Problem, ordinal: number, column?: string): boolean {
    return reportLate(this.context, this.name, rule, problem, ordinal, column)
  }

  /** Tells of a row that has gone by and is left out because an earlier one says the same. */
  reportLeftOut(rule: RuleEntry, problem: Problem, ordinal: number): void {
    const severity = severityOf(rule, this.context.profile, problem.isLesser)
    if (severity === undefined) return
    const isRejecting = (this.table.bits(ordinal) & IdState.rejected) === 0
    this.table.addBits(ordinal, IdState.rejected)
    const place = { file: this.fileName, line: this.table.lines.get(ordinal) }
    this.context.late.push({ ...place, rule: rule.id, severity, message: problem.message, isRejecting })
  }

  #reportRepeat(row: RowView, content: number): void {
    const { table, ordinal } = this
    const isSameRow = table.content(ordinal) === content
    const wasReported = (table.bits(ordinal) & IdState.reported) !== 0
    const problem = repeatedId.check(isSameRow && !wasReported)
    if (!this.report(repeatedId, problem, row, 'sourcedId')) {
      const lines = this.#repeatedLines.get(ordinal)
      if (lines === undefined) this.#repeatedLines.set(ordinal, [row.line])
      else lines.push(row.line)
      this.isRepeat = true
      return
    }
    if (wasReported) return
    table.addBits(ordinal, IdState.reported)
    this.reportLate(repeatedId, problem, ordinal, 'sourcedId')
    // Rows left out as harmless repetitions belong to the group that has now turned out to contradict itself.
    for (const line of this.#repeatedLines.get(ordinal) ?? []) {
      const { message } = problem
      const place = { file: this.fileName, line, column: 'sourcedId' }
      this.context.late.push({ ...place, rule: repeatedId.id, severity: 'error', message, isRejecting: false })
    }
  }

  /** Guesses from the first rows how many there will be. */
  #sample(row: RowView): void {
    this.#sampledBytes += (row.ends[row.width - 1] as number) - (row.starts[0] as number) + 2
    if (++this.#sampledRows < sampledRows) return
    this.table.reserve(Math.ceil((this.#sizeBytes / this.#sampledBytes) * sampledRows * 1.02))
    this.#sizeBytes = 0
  }
}

/** Puts down a finding about a row that has gone by; true when the row is rejected by it. */
export function reportLate(
  context: RelationContext,
  file: string,
  rule: RuleEntry,
  problem: Problem,
  ordinal: number,
  column?: string,
): boolean {
  const severity = severityOf(rule, context.profile, problem.isLesser)
  if (severity === undefined) return false
  const isError = severity === 'error'
  const table = context.table(file)
  const isRejecting = isError && (table.bits(ordinal) & IdState.rejected) === 0
  if (isError) table.addBits(ordinal, IdState.rejected)
  context.late.push({
    file: context.fileNames.get(file) ?? file,
    line: table.lines.get(ordinal),
    rule: rule.id,
    severity,
    column,
    message: problem.message,
    isRejecting,
  })
  return isError
}
