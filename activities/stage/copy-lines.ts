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
  let texts = ''
  for (const value of values) {
    if (value === null) {
      line += '\t\\N'
      continue
    }
    const text = toText(value)
    line += `\t${text}`
    texts += text
  }
  // One look at all values together: nearly no row has anything to escape.
  if (row.customFields !== null || special.test(texts)) return encodeOneByOne(row, values)
  return `${line}\t\\N\n`
}

function encodeOneByOne(row: StagedSourceRow, values: readonly StagedValue[]): string {
  const customFields = row.customFields === null ? null : JSON.stringify(row.customFields, withoutNul)
  const texts = [...values, customFields].map((value) => (value === null ? '\\N' : encodeText(toText(value))))
  return `${[row.digest ?? '\\N', ...texts].join('\t')}\n`
}

/** In JSON a NUL would become an escape, which jsonb refuses. */
function withoutNul(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '') : value
}

/** A list as an array literal. */
function toText(value: string | readonly string[]): string {
  if (typeof value === 'string') return value
  return `{${value.map((item) => `"${item.replace(/["\\]/g, '\\$&')}"`).join(',')}}`
}

function encodeText(text: string): string {
  if (!special.test(text)) return text
  return text
    .replaceAll('\0', '')
    .replaceAll('\\', '\\\\')
    .replaceAll('\t', '\\t')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
}
