import { CsvError, parse } from 'csv-parse'
import { rulesOfTables } from '../rules.ts'
import { TableDamage } from '../table-damage.ts'

export type Delimiter = ',' | ';' | '\t'
/** `line` is where the row begins. */
export type TableRow = { readonly line: number; readonly cells: readonly string[] }

export type TableLimits = { readonly maxRowBytes: number; readonly maxCellLength: number; readonly maxRows: number }
/** Those of connectors/kit/csv/csv-reader.ts and of OneRoster packages. */
export const defaultTableLimits: TableLimits = {
  maxRowBytes: 8 << 20,
  maxCellLength: 1 << 20,
  maxRows: 50_000_000,
}

/**
 * Cuts a text into rows, of which a quoted cell may go over several lines; the rows of each block of text together. Blank
 * lines are rows of one blank cell.
 * @throws TableDamage where the quotes do not fit, or a row is over the limit.
 */
export async function* parseRows(
  text: AsyncIterable<Buffer>,
  delimiter: Delimiter,
  { maxRowBytes }: TableLimits,
  { isLenient = false } = {},
): AsyncGenerator<readonly TableRow[]> {
  let rows: TableRow[] = []
  let lastLine = 0
  let failure: Error | undefined
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: isLenient,
    max_record_size: maxRowBytes,
    on_record: (cells: string[], { lines }: { readonly lines: number }) => {
      rows.push({ line: lastLine + 1, cells })
      lastLine = lines
      // Kept here: what the stream would hand on one by one costs more than the reading.
      return null
    },
  })
  parser.resume()
  // Told by the callbacks below as well; without a listener it would end the process.
  parser.on('error', (error) => {
    failure = error
  })
  try {
    for await (const block of text) {
      await new Promise<void>((resolve) => parser.write(block, () => resolve()))
      if (rows.length > 0) yield rows
      rows = []
      if (failure !== undefined) break
    }
    if (failure === undefined) await new Promise<void>((resolve) => parser.end(() => resolve()))
    if (rows.length > 0) yield rows
  } finally {
    parser.destroy()
  }
  if (failure !== undefined) throw describeFailure(failure, lastLine + 1)
}

/** In our own words: the parser's quote what it has read. */
function describeFailure(error: Error, line: number): Error {
  if (!(error instanceof CsvError)) return error
  const place = { line }
  switch (error.code) {
    case 'CSV_MAX_RECORD_SIZE':
      return new TableDamage(
        rulesOfTables.overLimit,
        'The row that begins here is over the limit of 8 MiB; a quote in it is probably never closed. Close or remove it.',
        place,
      )
    case 'CSV_QUOTE_NOT_CLOSED':
      return new TableDamage(
        rulesOfTables.quotes,
        'The row that begins here has a quote that is never closed, so that the rest of the file is one value. Close or remove it.',
        place,
      )
    default:
      return new TableDamage(
        rulesOfTables.quotes,
        'The row that begins here has a quote in the middle of a value, or text behind a closing quote. Double quotes within a value and quote the whole of it, or remove them.',
        place,
      )
  }
}
