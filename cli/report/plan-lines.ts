import { styleText } from 'node:util'
import type { PlanRow } from '../../api/contract/plan.ts'

/** The lines that show one row of a plan: whom it is about, and below it each field, `-` what it is and `+` what it becomes. */
export function describePlanRow(row: PlanRow, isColoured: boolean): string[] {
  const { action, fields, changes } = row
  const lines = [`${action.padEnd(10)}  ${describeWho(row)}`]
  const width = Math.max(0, ...fields.map((field) => field.length))
  for (const field of fields) {
    const change = changes?.[field]
    // Without the right to see values the names of the fields are all there is.
    if (change === undefined) lines.push(`    ${field}`)
    else lines.push(...describeChange(field.padEnd(width), change, isColoured))
  }
  return lines
}

function describeWho({ sisId, name, recordId, school, schoolName, line, reason, action }: PlanRow): string {
  const person = [sisId, name].filter((part) => part !== null).join('  ')
  const parts = [person === '' ? (recordId ?? '-') : person]
  if (school !== null) parts.push(schoolName === null ? `school ${school}` : `school ${schoolName} (${school})`)
  if (line !== null) parts.push(`line ${line}`)
  if (reason !== null) parts.push(reason)
  // A record that is not there yet has an id that nobody can look up.
  if (person !== '' && recordId !== null && action !== 'create') parts.push(`record ${recordId}`)
  return parts.join(' · ')
}

function describeChange(field: string, change: { old?: unknown; new?: unknown }, isColoured: boolean): string[] {
  const before = showValue(change.old)
  const after = showValue(change.new)
  const lines: string[] = []
  if (before !== '') lines.push(`  - ${field}  ${mark(before, after, isColoured ? 'red' : undefined)}`)
  if (after !== '' || before !== '')
    lines.push(`  + ${field}  ${mark(after, before, isColoured ? 'green' : undefined)}`)
  return lines.map((one) => one.trimEnd())
}

function showValue(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map(showValue).join('; ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What is not the same at either end of both, inverted; the rest in the colour alone. */
function mark(text: string, other: string, colour: 'red' | 'green' | undefined): string {
  if (colour === undefined) return text
  if (other === '') return styleText(colour, text, { validateStream: false })
  const own = Array.from(text)
  const others = Array.from(other)
  const shorter = Math.min(own.length, others.length)
  let start = 0
  while (start < shorter && own[start] === others[start]) start++
  let end = 0
  while (end < shorter - start && own[own.length - 1 - end] === others[others.length - 1 - end]) end++
  const changed = own.slice(start, own.length - end).join('')
  const parts = [
    own.slice(0, start).join(''),
    changed === '' ? '' : styleText('inverse', changed, { validateStream: false }),
    own.slice(own.length - end).join(''),
  ]
  return styleText(colour, parts.join(''), { validateStream: false })
}
