import { isObject, type JsonObject } from '../kit/json/read-rows.ts'
import { scalarText } from '../kit/json/scalar-text.ts'
import type { Column } from '../kit/one-roster/format/column.ts'

/** What the column of a CSV file is called in the JSON of the same record, where a rule does not say it. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  preferredGivenName: ['preferredFirstName'],
  preferredFamilyName: ['preferredLastName'],
}

/** The keys under which a column may stand, in small letters: providers differ in case. */
export function listKeys({ name, target, isList }: Column): string[] {
  const keys = [name, ...(otherNames[name] ?? [])]
  if (target !== undefined && name.endsWith('SourcedIds') && isList)
    keys.push(`${name.slice(0, -'SourcedIds'.length)}s`)
  else if (target !== undefined && name.endsWith('SourcedId')) keys.push(name.slice(0, -'SourcedId'.length))
  return keys.map((key) => key.toLowerCase())
}

/** What stands for a reference that names nothing; no id is this. */
const brokenReference = '\u0000'

export function hasBrokenReference({ target }: Column, cell: string): boolean {
  return target !== undefined && cell.split(',').includes(brokenReference)
}

/** The references that name something. */
export function withoutBrokenReferences(cell: string): string {
  return cell
    .split(',')
    .filter((item) => item !== brokenReference)
    .join(',')
}

/** A value as the CSV binding writes it. A reference without an id leaves a broken one (hasBrokenReference). */
export function cellOf(column: Column, value: unknown): string {
  if (value === null || value === undefined) return ''
  if (column.isList) {
    const items = (Array.isArray(value) ? value : [value]).map((item) => itemOf(column, item))
    return items.filter((item) => item !== '').join(',')
  }
  const text = itemOf(column, Array.isArray(value) ? value[0] : value)
  // Dates of line items and results are instants here.
  return column.type === 'date' && /^\d{4}-\d\d-\d\dT/.test(text) ? text.slice(0, 10) : text
}

function itemOf(column: Column, item: unknown): string {
  if (!isObject(item)) return scalarText(item)
  if (column.type === 'pair') return pairOf(item)
  if (column.target !== undefined) return scalarText(item['sourcedId']) || brokenReference
  // Some write `{ "role": "student" }` for a role.
  return scalarText(item[column.name])
}

function pairOf({ type, identifier }: JsonObject): string {
  const id = scalarText(identifier)
  return id === '' ? '' : `{${scalarText(type)}:${id}}`
}
