import type { z } from 'zod'
import type { FieldError } from '../failures.ts'

type Issue = z.core.$ZodIssue

/** The one translator from what a schema found to words: what is wrong at each place, and what to write there. */
export function describeIssues(issues: readonly Issue[]): FieldError[] {
  return issues.flatMap(describeIssue)
}

/** The places in one sentence, for who reads no further than `detail`. */
export function summarize(errors: readonly FieldError[]): string {
  const [first] = errors
  if (first === undefined) return 'See "errors" for the places.'
  const words = first.path === '' ? capitalize(first.message) : `${first.path}: ${first.message}`
  const ended = /[.!?]$/.test(words) ? words : `${words}.`
  const more = errors.length - 1
  return more === 0 ? ended : `${ended} ${more} more ${more === 1 ? 'place is' : 'places are'} in "errors".`
}

function describeIssue(issue: Issue): FieldError[] {
  const path = issue.path.join('.')
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...issue.path, key].join('.'),
        message: 'nothing of this name is known here; look at its spelling, or leave it out',
      }))
    case 'invalid_type':
      return [{ path, message: describeType(issue) }]
    case 'invalid_value':
      return [{ path, message: `write ${listChoices(issue.values)}` }]
    case 'invalid_union':
      return [{ path, message: describeUnion(issue) }]
    case 'too_small':
      return [{ path, message: describeBound('least', issue.origin, issue.minimum) }]
    case 'too_big':
      return [{ path, message: describeBound('most', issue.origin, issue.maximum) }]
    case 'invalid_format':
      return [{ path, message: formats[issue.format] ?? `write ${issue.message}` }]
    default:
      return [{ path, message: issue.message }]
  }
}

const formats: Readonly<Record<string, string>> = {
  uuid: 'write one of our ids, as lists print them (8-4-4-4-12 digits)',
  email: 'write an e-mail address',
  url: 'write a whole address, such as https://example.org/path',
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

function describeType({ expected, message }: Extract<Issue, { code: 'invalid_type' }>): string {
  const wanted = typeWords[expected] ?? `a value of the type ${expected}`
  // The schema says what came in its message alone.
  return message.endsWith('received undefined') ? `is missing; write ${wanted}` : `write ${wanted}`
}

function describeUnion(issue: Extract<Issue, { code: 'invalid_union' }>): string {
  // Of a choice by a name the schema lists the names; of one by shape it tells why each of them does not fit.
  if ('options' in issue && Array.isArray(issue.options)) return `write ${listChoices(issue.options)}`
  const choices = issue.errors.flat().filter((one) => one.path.length === 0)
  const values = choices.flatMap((one) => (one.code === 'invalid_value' ? one.values : []))
  const types = choices.flatMap((one) => (one.code === 'invalid_type' ? [typeWords[one.expected] ?? one.expected] : []))
  const deeper = issue.errors.flat().filter((one) => one.path.length > 0)
  if (values.length + types.length === 0) return deeper.flatMap(describeIssue)[0]?.message ?? 'does not fit'
  return `write ${join([...values.map(show), ...types])}`
}

function describeBound(which: 'least' | 'most', origin: string, bound: number | bigint): string {
  const many = bound === 1 ? '' : 's'
  if (origin === 'string')
    return `write ${bound === 1 && which === 'least' ? 'something' : `at ${which} ${bound} character${many}`}`
  if (origin === 'array') return `list at ${which} ${bound}`
  return `write ${bound} or ${which === 'least' ? 'more' : 'less'}`
}

function listChoices(values: readonly unknown[]): string {
  return join(values.map(show))
}

function show(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : String(value)
}

function join(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`
}

function capitalize(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`
}
