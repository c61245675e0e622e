import type { z } from '@hono/zod-openapi'
import { isCodeOf } from '../../domain/code-sets/registry.ts'
import {
  describeType,
  lookUpFields,
  shownFields,
  storedFields,
  type DataType,
} from '../../domain/data-types/define-data-type.ts'
import { isValueOfType } from '../../domain/mapping/field-value.ts'
import { normalizeText } from '../../domain/normalize-text.ts'
import type { FieldFilter } from '../../db/records/match-fields.ts'
import { positionLength, type RecordOrder, type RecordQuery } from '../../db/records/list-records.ts'
import { encodeCursor, parseCursor } from '../answers/cursor.ts'
import type { RecordSearch } from '../contract/record.ts'
import { Refusal, type FieldError } from '../failures.ts'

/** What a search asks for. Throws a Refusal that says what of it the data type does not have. */
export function readRecordQuery(
  dataType: DataType,
  { search, filter = {}, status, sort, cursor, limit }: z.output<typeof RecordSearch>,
): RecordQuery {
  const order = readOrder(dataType, sort)
  const text = search === undefined ? '' : normalizeText(search)
  return {
    status: status === 'all' ? null : status,
    filters: readFilters(dataType, filter),
    search: text === '' ? undefined : text,
    order,
    after: readPosition(dataType, order, cursor),
    limit,
  }
}

/** Opaque; good for the same order alone. */
export function encodePosition(order: RecordOrder, position: readonly string[]): string {
  return encodeCursor([nameOrder(order), ...position])
}

function nameOrder({ by, isDescending }: RecordOrder): string {
  return `${isDescending ? '-' : ''}${by}`
}

function readOrder(dataType: DataType, sort: string | undefined): RecordOrder {
  const [key] = dataType.matchKeys
  const hasName = lookUpFields(dataType).names.length > 0
  const isDescending = sort?.startsWith('-') === true
  const by = isDescending ? sort.slice(1) : (sort ?? key)
  if (by === key) return { by: 'key', isDescending }
  if (by === 'name' && hasName) return { by: 'name', isDescending }
  const known = [key, ...(hasName ? ['name'] : [])].map((name) => `"${name}" or "-${name}"`).join(', ')
  throw new Refusal('REQUEST_INVALID', `${dataType.name} are sorted by ${known}, the minus for the last one first.`, [
    { path: 'sort', message: `one of ${known}` },
  ])
}

function readPosition(
  dataType: DataType,
  order: RecordOrder,
  cursor: string | undefined,
): readonly string[] | undefined {
  const [of, ...position] = (parseCursor(cursor) ?? []).map(String)
  if (of === undefined) return undefined
  const isWhole = position.length === positionLength(dataType, order) && (order.by === 'key' || isId(position.at(-1)))
  if (of === nameOrder(order) && isWhole) return position
  throw new Refusal('REQUEST_INVALID', 'The cursor belongs to another list or another order; begin again without it.')
}

function isId(text: string | undefined): boolean {
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(text ?? '')
}

type FilterValues = NonNullable<z.output<typeof RecordSearch>['filter']>

function readFilters(dataType: DataType, filter: FilterValues): FieldFilter[] {
  const errors: FieldError[] = []
  const filters = Object.entries(filter).map(([field, given]) => {
    const values = (Array.isArray(given) ? given : [given]).map((value) => {
      const text = value === null ? '' : normalizeText(String(value))
      return text === '' ? null : text
    })
    const message = refuseFilter(dataType, field, values)
    if (message !== undefined) errors.push({ path: `filter.${field}`, message })
    return { field, values }
  })
  if (errors.length === 0) return filters
  const words = errors.map(({ path, message }) => `${path}: ${message}`).join('; ')
  throw new Refusal('REQUEST_INVALID', `The filter does not fit ${dataType.name}: ${words}.`, errors)
}

function refuseFilter(dataType: DataType, field: string, values: readonly (string | null)[]): string | undefined {
  const known = listFilterFields(dataType)
  const definition = known.includes(field) ? dataType.fields[field] : undefined
  if (definition === undefined) {
    if (dataType.fields[field]?.isStatus === true) return 'it follows from the status; ask by "status"'
    return `no field to filter by; there are ${known.join(', ')}`
  }
  const { type, codeSet } = definition
  for (const value of values) {
    if (value === null || typeof type !== 'string') continue
    if (!isValueOfType(type, value)) return `the value is no ${describeType({ type })}`
    if (!isCodeOf(codeSet, value)) return `the value is no code of the field`
  }
  return undefined
}

/** Those with a column that a list shows, prose left out. */
function listFilterFields(dataType: DataType): string[] {
  const stored = new Set(storedFields(dataType))
  // A school is asked for wherever one counts, shown or not.
  const asked = [...shownFields(dataType), ...(dataType.schoolField === null ? [] : [dataType.schoolField])]
  return [...new Set(asked)].filter((field) => stored.has(field) && dataType.fields[field]?.isProse !== true)
}
