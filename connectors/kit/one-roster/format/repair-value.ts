import { normalizeText, trimText } from '../../../../domain/normalize-text.ts'
import type { Column } from './column.ts'

function restoreCase(word: string, allowed: readonly string[]): string {
  if (allowed.includes(word)) return word
  const lowerCase = word.toLowerCase()
  return allowed.find((candidate) => candidate.toLowerCase() === lowerCase) ?? word
}

function allowedWords(column: Column): readonly string[] | undefined {
  return column.type === 'bool' ? ['true', 'false'] : column.values
}

function repairItem(item: string, column: Column): string {
  if (column.name === 'status' && item.toLowerCase() === 'inactive') return 'tobedeleted'
  const allowed = allowedWords(column)
  if (allowed !== undefined) return restoreCase(item, allowed)
  if (column.type === 'grade') return /^[1-9]$/.test(item) ? `0${item}` : item
  if (column.type === 'year') return /^\d{4}\s*[-/]\s*(\d{4})$/.exec(item)?.[1] ?? item
  return item
}

/**
 * The value of a cell as the warnings of the default profile promise it: in NFC, line breaks turned into
 * spaces (C-05), ends trimmed (C-11), booleans and words in the format's case (F-06, F-07), `inactive` as `tobedeleted` (F-15), the
 * second year of two (F-05), a grade of one digit with its zero (F-12), list items trimmed and empty ones dropped (F-09, F-10). A value no rule repairs, a wrong
 * one too, comes back as it is, and so does one of the source's `own` words. For a metadata column pass `undefined`.
 */
export function repairValue(column: Column | undefined, text: string, own?: ReadonlySet<string>): string {
  const value = normalizeText(text)
  if (column === undefined || value === '') return value
  const repair = (item: string) => (own?.has(item) === true ? item : repairItem(item, column))
  if (!column.isList) return repair(value)
  // An id in `{type:id}` may hold a comma, so such items part only before the next brace.
  const items = value.split(column.type === 'pair' ? /,(?=\s*[{,]|\s*$)/ : ',')
  const kept = items.map((item) => repair(trimText(item))).filter((item) => item !== '')
  return kept.join(',')
}
