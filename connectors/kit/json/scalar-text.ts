import { trimText } from '../../../domain/normalize-text.ts'

/** A value as a cell would have it: text without white space at its ends, numbers and truth values as they are written. */
export function scalarText(value: unknown): string {
  if (typeof value === 'string') return trimText(value)
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}
