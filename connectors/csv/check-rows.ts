import { normalizeText } from '../../domain/normalize-text.ts'
import type { Finding } from '../../domain/import-rules/finding.ts'
import type { RuleEntry } from '../../domain/import-rules/rule.ts'
import { NamelessFile } from '../kit/keys/nameless-file.ts'
import { SeenRecords } from '../kit/keys/seen-records.ts'
import type { InputFile } from '../kit/input-file.ts'
import type { ExtractRequest, ExtractSink } from '../connector.ts'
import { describeHeldIds, findDamage, isErrorValue, type HeldIds } from './ids/find-damage.ts'
import type { TableLayout } from './read/find-layout.ts'
import { parseRows, type TableLimits, type TableRow } from './read/parse-rows.ts'
import { decodeText, type RecognisedText } from './read/recognise-text.ts'
import { TableRecord } from './read/table-record.ts'
import { rulesOfTables } from './rules.ts'
import { TableDamage } from './table-damage.ts'

/** The one collection of a table, in mappings: `rows.Homeroom`. */
export const collectionName = 'rows'

type TableReading = {
  readonly file: InputFile
  readonly text: RecognisedText
  readonly layout: TableLayout
  readonly limits: TableLimits
  readonly request: Pick<ExtractRequest<unknown>, 'match'>
  readonly sink: ExtractSink
  readonly tell: (finding: Finding) => void
}

/**
 * Gives every row below the header: with an error where its id, or a value that is wanted, is damaged. Repeated keys are those
 * whose rows contradict each other.
 * @throws TableDamage for a table that cannot be read to its end.
 */
export async function checkRows(
  reading: TableReading,
): Promise<{ readonly rowsRead: number; readonly repeatedKeys: readonly string[] }> {
  const { file, text, layout, limits, sink } = reading
  const keyFile = new NamelessFile()
  try {
    const check = new RowCheck(reading, new SeenRecords(keyFile))
    let bytesRead = 0
    const counted = async function* () {
      for await (const block of decodeText(file, text)) {
        bytesRead += block.length
        yield block
      }
    }
    for await (const rows of parseRows(counted(), layout.delimiter, limits)) {
      for (const row of rows) if (row.line > layout.headerLine) check.take(row)
      await sink.drain({ collection: collectionName, bytesRead, rowsRead: check.rowsRead })
    }
    if (check.rowsRead === 0) {
      const message = 'There is no row below the header. Is it the file that was meant?'
      throw new TableDamage(rulesOfTables.noRows, message, { line: layout.headerLine })
    }
    return { rowsRead: check.rowsRead, repeatedKeys: [...check.repeatedKeys] }
  } finally {
    keyFile.close()
  }
}

class RowCheck {
  rowsRead = 0
  readonly repeatedKeys = new Set<string>()
  readonly #reading: TableReading
  readonly #seen: SeenRecords
  readonly #record: TableRecord
  readonly #keyColumn: string
  readonly #keyPlace: number
  readonly #heldIds: HeldIds

  constructor(reading: TableReading, seen: SeenRecords) {
    const { file, layout, request } = reading
    this.#reading = reading
    this.#seen = seen
    this.#record = new TableRecord(collectionName, file.name, layout.places)
    this.#heldIds = describeHeldIds(request.match?.heldForms)
    this.#keyColumn = request.match?.column ?? ''
    this.#keyPlace = layout.places.get(this.#keyColumn) ?? -1
  }

  take(row: TableRow): void {
    const { layout, limits, sink } = this.#reading
    if (row.cells.every((cell) => cell.trim() === '')) return
    this.#refuseShape(row, layout.width, limits)
    this.rowsRead++
    const id = row.cells[this.#keyPlace] ?? ''
    const key = normalizeText(id)
    const damage = findDamage(id, this.#heldIds)
    const errorColumn = this.#findError(row)
    if (damage !== undefined) this.#setAside(row, damage.rule, this.#keyColumn, damage.message)
    if (errorColumn !== undefined) {
      const message =
        'the value is the error of a formula; the row is set aside. Correct the formula, or clear the cell, and export again.'
      this.#setAside(row, rulesOfTables.errorValue, errorColumn, message)
    }
    const isDamaged = damage !== undefined || errorColumn !== undefined
    const record = this.#record.show(row, key, isDamaged ? 'rejected' : 'active')
    if (damage === undefined && this.#isRepeated(row, record)) return
    sink.record(record)
  }

  /** A row that only says the same again is nothing; of those that contradict each other none is taken. */
  #isRepeated(row: TableRow, record: TableRecord): boolean {
    const key = record.key()
    const which = this.#seen.see(key, `${record.digestHi} ${record.digestLo}`, row.line)
    if (which === 'new') return false
    const first = this.#seen.firstLine(key)
    if (which === 'same') {
      const message = `the row says what line ${first} says of the same id; it counts once. Remove one of them.`
      this.#tell(row, rulesOfTables.repeatedId, this.#keyColumn, message, 'warning')
      return true
    }
    this.repeatedKeys.add(key)
    const message = `the id is that of line ${first}, and the rows say different things; both are set aside. Leave the right one.`
    this.#setAside(row, rulesOfTables.repeatedId, this.#keyColumn, message)
    record.presence = 'rejected'
    return false
  }

  #refuseShape({ line, cells }: TableRow, width: number, { maxCellLength, maxRows }: TableLimits): void {
    if (this.rowsRead >= maxRows) {
      throw new TableDamage(rulesOfTables.overLimit, `The file has more than ${maxRows} rows. Split it.`, { line })
    }
    if (cells.some(({ length }) => length > maxCellLength)) {
      const message = `A cell of this row has more than ${maxCellLength} characters; a quote is probably never closed. Close or remove it.`
      throw new TableDamage(rulesOfTables.overLimit, message, { line })
    }
    const isLonger = cells.some((cell, at) => at >= width && cell.trim() !== '')
    if (cells.length >= width && !isLonger) return
    throw new TableDamage(
      rulesOfTables.ragged,
      `The row has ${cells.length} cells and the header ${width}, so that values may stand under other columns. Quote values that have the separator or a line break in them, or remove lines that are no rows, and export again.`,
      { line },
    )
  }

  #findError({ cells }: TableRow): string | undefined {
    for (const [column, place] of this.#reading.layout.places) {
      const cell = cells[place]
      if (cell?.startsWith('#') === true && isErrorValue(cell)) return column
    }
    return undefined
  }

  #setAside(row: TableRow, rule: RuleEntry, column: string, message: string): void {
    this.#tell(row, rule, column, message, 'error')
  }

  #tell({ line }: TableRow, { id }: RuleEntry, column: string, message: string, severity: Finding['severity']): void {
    this.#reading.tell({ rule: id, severity, line, column, message })
  }
}
