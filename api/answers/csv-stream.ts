import { stringify } from 'csv-stringify/sync'

/** Ended by a line feed, the last line too. A cell is quoted for either sign of a line's end, whichever ends ours. */
const form = { eof: true, record_delimiter: '\n', quote_record_delimiter: true }

function formatRows(rows: readonly (readonly unknown[])[], format: (value: unknown) => string): string {
  return stringify(
    rows.map((cells) => cells.map(format)),
    form,
  )
}

/** With an apostrophe before what a spreadsheet would take for a formula; a number is none. */
function defuse(value: unknown): string {
  const text = joinValues(value)
  if (typeof value === 'number') return text
  // Not csv-stringify's own: that puts it before every text that begins with a minus, a grade point average too.
  return /^[=+\-@\t\r\n]/.test(text) && !/^-\d+(?:\.\d+)?$/.test(text) ? `'${text}` : text
}

/** A list is joined with `;`, blank and null are nothing, everything else is printed as it is. */
function joinValues(value: unknown): string {
  return Array.isArray(value) ? value.map(formatValue).join(';') : formatValue(value)
}

function formatValue(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/**
 * Pages of rows as CSV text, a piece per page, so that a list of any length needs little memory. Raw: every value as it
 * is; else no spreadsheet takes one for a formula.
 */
export async function* toCsv(
  header: readonly string[],
  pages: AsyncIterable<readonly (readonly unknown[])[]>,
  { isRaw }: { readonly isRaw: boolean },
): AsyncGenerator<string> {
  yield formatRows([header], joinValues)
  for await (const rows of pages) if (rows.length > 0) yield formatRows(rows, isRaw ? joinValues : defuse)
}

/** A streamed answer. When the source fails half-way the connection breaks, so that nobody takes a part for the whole. */
export function streamResponse(pieces: AsyncIterable<string | Uint8Array>, headers: Record<string, string>): Response {
  const encoder = new TextEncoder()
  const iterator = pieces[Symbol.asyncIterator]()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await iterator.next()
      if (next.done === true) controller.close()
      else controller.enqueue(typeof next.value === 'string' ? encoder.encode(next.value) : next.value)
    },
    async cancel() {
      await iterator.return?.()
    },
  })
  return new Response(body, { headers })
}

/** A CSV that is streamed. Without its charset a spreadsheet takes UTF-8 for whatever its machine speaks. */
export function csvResponse(pieces: AsyncIterable<string>): Response {
  return streamResponse(pieces, { 'content-type': 'text/csv; charset=utf-8' })
}

/** Whether a list is asked for as CSV: by `format`, which a browser can set, else by the Accept header. */
export function wantsCsv(accept: string | undefined, format: 'json' | 'csv' | undefined): boolean {
  return format === undefined ? (accept ?? '').includes('text/csv') : format === 'csv'
}
