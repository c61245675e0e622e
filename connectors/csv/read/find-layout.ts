import { normalizeText } from '../../../domain/normalize-text.ts'
import { rulesOfTables } from '../rules.ts'
import { TableDamage } from '../table-damage.ts'
import { defaultTableLimits, parseRows, type Delimiter, type TableRow } from './parse-rows.ts'

export type TableLayout = {
  readonly delimiter: Delimiter
  /** Physical line. */
  readonly headerLine: number
  /** Cells of the header. */
  readonly width: number
  /** Where each column is that was asked for, by the name under which it was asked for. */
  readonly places: ReadonlyMap<string, number>
}

type Wanted = {
  /** Names of columns, as the mapping has them. */
  readonly columns: readonly string[]
  readonly delimiter: Delimiter | 'auto'
  readonly headerLine: number | 'auto'
}

/** Titles, filters and dates of a report take a dozen lines at most. */
const lookedAtRows = 50
const delimiters: readonly Delimiter[] = [',', ';', '\t']
const nameOfDelimiter: Readonly<Record<Delimiter, string>> = { ',': 'comma', ';': 'semicolon', '\t': 'tab' }

/** Two names are one whatever their capitals and the blanks in them: people type them. */
function foldHeader(name: string): string {
  return normalizeText(name).replace(/\s+/g, ' ').toLowerCase()
}

/**
 * Finds separator and header: the first line that has every column of the mapping under some separator. Nothing is guessed
 * where none has.
 * @throws TableDamage that names what is missing; never what stands in the file, which may be somebody's name.
 */
export async function findLayout(start: Buffer, wanted: Wanted): Promise<TableLayout> {
  const tried: Candidate[] = []
  for (const delimiter of wanted.delimiter === 'auto' ? delimiters : [wanted.delimiter]) {
    for (const row of await readStart(start, delimiter, wanted)) tried.push(tryRow(row, delimiter, wanted.columns))
  }
  const whole = tried.filter(({ missing }) => missing.length === 0)
  // With one column alone every separator finds it: the one that cuts the line is meant.
  const [found] = whole.toSorted((a, b) => a.row.line - b.row.line || b.row.cells.length - a.row.cells.length)
  if (found === undefined) throw describeMissing(tried, wanted)
  if (found.repeated !== undefined) {
    throw new TableDamage(
      rulesOfTables.repeatedColumn,
      `The header has the column "${found.repeated}" twice, and which one is meant cannot be known. Rename or remove one of them.`,
      { line: found.row.line, column: found.repeated },
    )
  }
  const { delimiter, row, places } = found
  return { delimiter, headerLine: row.line, width: row.cells.length, places }
}

type Candidate = {
  readonly delimiter: Delimiter
  readonly row: TableRow
  readonly places: ReadonlyMap<string, number>
  readonly missing: readonly string[]
  readonly repeated: string | undefined
}

async function readStart(start: Buffer, delimiter: Delimiter, { headerLine }: Wanted): Promise<readonly TableRow[]> {
  const rows: TableRow[] = []
  try {
    const lenient = { isLenient: true }
    for await (const some of parseRows(once(start), delimiter, defaultTableLimits, lenient)) rows.push(...some)
  } catch (error) {
    // Quotes that do not fit, or a cut in the middle of them: what was read before is whole.
    if (!(error instanceof TableDamage)) throw error
  }
  if (headerLine !== 'auto') return rows.filter(({ line }) => line === headerLine)
  return rows.slice(0, lookedAtRows)
}

async function* once(block: Buffer): AsyncGenerator<Buffer> {
  yield block
}

function tryRow(row: TableRow, delimiter: Delimiter, columns: readonly string[]): Candidate {
  const names = row.cells.map(foldHeader)
  const places = new Map<string, number>()
  const missing: string[] = []
  let repeated: string | undefined
  for (const column of columns) {
    const folded = foldHeader(column)
    const place = names.indexOf(folded)
    if (place < 0) missing.push(column)
    else places.set(column, place)
    if (names.lastIndexOf(folded) !== place) repeated ??= column
  }
  return { delimiter, row, places, missing, repeated }
}

function describeMissing(tried: readonly Candidate[], { columns, headerLine }: Wanted): TableDamage {
  const [best] = tried.toSorted(
    (a, b) => a.missing.length - b.missing.length || b.row.cells.length - a.row.cells.length || a.row.line - b.row.line,
  )
  if (best === undefined) {
    return new TableDamage(
      rulesOfTables.noHeader,
      `The file has no line ${headerLine}, which the settings say has the header. Correct "headerLine".`,
    )
  }
  if (best.places.size === 0) {
    const where = headerLine === 'auto' ? `The first ${lookedAtRows} lines have` : `Line ${headerLine} has`
    return new TableDamage(
      rulesOfTables.noHeader,
      `${where} none of the columns that the mapping names: ${columns.map(quote).join(', ')}. Is it the file that was meant, and has it a header?`,
      headerLine === 'auto' ? {} : { line: headerLine },
    )
  }
  const missing = best.missing.map(quote).join(', ')
  return new TableDamage(
    rulesOfTables.noHeader,
    `The header (with a ${nameOfDelimiter[best.delimiter]} between its columns) lacks what the mapping names: ${missing}. Correct the name in the file or in the mapping.`,
    { line: best.row.line, column: best.missing[0] },
  )
}

function quote(name: string): string {
  return `"${name}"`
}
