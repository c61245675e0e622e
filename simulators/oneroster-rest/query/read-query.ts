import { Refusal } from '../answer.ts'

export type Query = {
  readonly limit: number
  readonly offset: number
  readonly filter: string | undefined
  readonly sort: string | undefined
  readonly isDescending: boolean
  readonly fields: readonly string[] | undefined
}

const defaultLimit = 100

/** Reads what 4.3 of the reference lists; other parameters are passed over. Throws a Refusal. */
export function readQuery(parameters: URLSearchParams): Query {
  const orderBy = parameters.get('orderBy') ?? 'asc'
  if (orderBy !== 'asc' && orderBy !== 'desc') throw new Refusal(400, 'invalidData', 'orderBy is asc or desc')
  const fields = parameters.get('fields')
  if (fields?.trim() === '') throw new Refusal(400, 'blankSelection', 'fields is blank')
  return {
    limit: readWhole(parameters.get('limit'), 'limit', 1) ?? defaultLimit,
    offset: readWhole(parameters.get('offset'), 'offset', 0) ?? 0,
    filter: parameters.get('filter') ?? undefined,
    sort: parameters.get('sort') ?? undefined,
    isDescending: orderBy === 'desc',
    fields: fields === null ? undefined : fields.split(',').map((field) => field.trim()),
  }
}

function readWhole(text: string | null, name: string, least: number): number | undefined {
  if (text === null) return undefined
  const value = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
    throw new Refusal(400, 'invalidData', `${name} is not a whole number from ${String(least)}`)
  }
  return value
}
