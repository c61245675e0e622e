import type { StagedSourceRow, StagedValue } from './stage-pass.ts'

/** Characters that COPY's text format reads as something else, and NUL, which PostgreSQL does not store. */
const special = /[\\\t\n\r\0]/

/** One line of COPY's text format for a row of the primary collection (db/staging/staging-session.ts). */
export function encodePrimaryLine(kind: number, row: StagedSourceRow, values: readonly StagedValue[]): string {
  return `${String(row.line)}\t${String(kind)}\t${encodeText(row.sourceKey)}\t${encodeRest(row, values)}`
}

/** The same for a row that adds fields to a record of the primary collection. */
export function encodeSupplementLine(row: StagedSourceRow, values: readonly StagedValue[]): string {
  return `${String(row.line)}\t${encodeText(row.sourceKey)}\t${encodeRest(row, values)}`
}

function encodeRest(row: StagedSourceRow, values: readonly StagedValue[]): string {
  let line = row.digest ?? '\\N'
  for (const value of values) line += `\t${encodeValue(value)}`
  const customFields = row.customFields === null ? '\\N' : encodeText(JSON.stringify(row.customFields))
  return `${line}\t${customFields}\n`
}

function encodeValue(value: StagedValue): string {
  if (value === null) return '\\N'
  if (typeof value === 'string') return encodeText(value)
  return encodeText(`{${value.map((item) => `"${item.replace(/["\\]/g, '\\$&')}"`).join(',')}}`)
}

function encodeText(text: string): string {
  if (!special.test(text)) return text
  // JSON.stringify of a custom field writes NUL as an escape that jsonb refuses.
  return text
    .replaceAll('\0', '')
    .replaceAll('\\u0000', '')
    .replaceAll('\\', '\\\\')
    .replaceAll('\t', '\\t')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
}
