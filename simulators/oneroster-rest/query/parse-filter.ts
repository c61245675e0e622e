import { Refusal } from '../answer.ts'

export type Json = { readonly [key: string]: unknown }

type Predicate = (record: Json) => boolean

const operators = {
  '=': (values: readonly string[], value: string) => values.includes(value),
  '!=': (values: readonly string[], value: string) => !values.includes(value),
  '>': (values: readonly string[], value: string) => values.some((one) => compareValues(one, value) > 0),
  '>=': (values: readonly string[], value: string) => values.some((one) => compareValues(one, value) >= 0),
  '<': (values: readonly string[], value: string) => values.some((one) => compareValues(one, value) < 0),
  '<=': (values: readonly string[], value: string) => values.some((one) => compareValues(one, value) <= 0),
  '~': (values: readonly string[], value: string) =>
    values.some((one) => one.toLowerCase().includes(value.toLowerCase())),
} as const

const isOperator = (text: string): text is keyof typeof operators => text in operators

/**
 * `field op 'value'`, and one ` AND ` or ` OR ` with a second one at most. A field in an object is `roles.role`; of a
 * list any item will do. Throws a Refusal for what cannot be read, and for a field that no record has.
 */
export function parseFilter(filter: string, fields: ReadonlySet<string>): Predicate {
  const clause = /\s*([\w.-]+)\s*(!=|>=|<=|=|>|<|~)\s*'((?:[^']|'')*)'\s*/y
  const predicates: Predicate[] = []
  let joint: string | undefined
  for (let at = 0; ;) {
    clause.lastIndex = at
    const [whole, field = '', operator = '', quoted = ''] = clause.exec(filter) ?? refuse('cannot be read')
    if (!fields.has(field.split('.')[0] ?? '')) refuse(`names a field that is not there: ${field}`)
    if (!isOperator(operator)) refuse('has an operator that is not there')
    const [test, value] = [operators[operator], quoted.replaceAll("''", "'")]
    predicates.push((record) => test(valuesAt(record, field), value))
    at += whole.length
    if (at === filter.length) break
    const [, word] = /^(AND|OR)\s/.exec(filter.slice(at)) ?? refuse('cannot be read')
    if (joint !== undefined) refuse('joins more than two')
    joint = word
    at += word?.length ?? 0
  }
  if (joint === 'OR') return (record) => predicates.some((holds) => holds(record))
  return (record) => predicates.every((holds) => holds(record))
}

function refuse(why: string): never {
  throw new Refusal(400, 'invalidFilter', `the filter ${why}`)
}

/** What a dotted path leads to, as text; several values where it passes a list. */
export function valuesAt(record: unknown, path: string): string[] {
  let found: readonly unknown[] = [record]
  for (const key of path.split('.')) found = found.flatMap((value) => itemsOf(valueOf(value, key)))
  return found
    .filter((value) => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    .map(String)
}

function valueOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined
}

function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value]
}

const instant = /^\d{4}-\d{2}-\d{2}T/

/** Instants by time, numbers by size, all else by Unicode. */
export function compareValues(a: string, b: string): number {
  if (instant.test(a) && !Number.isNaN(Date.parse(b))) return Date.parse(a) - Date.parse(b)
  if (a.trim() !== '' && b.trim() !== '' && Number.isFinite(Number(a)) && Number.isFinite(Number(b))) {
    return Number(a) - Number(b)
  }
  return a < b ? -1 : a > b ? 1 : 0
}
