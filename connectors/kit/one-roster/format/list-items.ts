import type { Column } from './column.ts'
import { repairValue } from './repair-value.ts'

/** The items of a list cell as they are imported: repaired, trimmed, none of them empty. */
export function listItems(column: Column, text: string): string[] {
  const value = repairValue(column, text)
  if (value === '') return []
  // An id in `{type:id}` may hold a comma, so such items part only before the next brace.
  return value.split(column.type === 'pair' ? /,(?=\{)/ : ',')
}
