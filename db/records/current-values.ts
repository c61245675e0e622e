import { columnOf, storedFields, type DataType } from '../../domain/data-types/define-data-type.ts'
import { quoteLiteral } from '../fields/quote-literal.ts'
import { quoteName } from '../fields/field-sql.ts'
import { customFieldPrefix } from './compared-fields.ts'

/** A function of PostgreSQL takes a hundred arguments. */
const maxPairs = 40

/** The record `r` as the journal names and writes its values, as jsonb. */
export function currentValues(dataType: DataType): string {
  const pairs = ['status', ...storedFields(dataType)].map(
    (field) => `${quoteLiteral(field)}, r.${quoteName(columnOf(field))}`,
  )
  const objects = Array.from({ length: Math.ceil(pairs.length / maxPairs) }, (_, at) =>
    pairs.slice(at * maxPairs, (at + 1) * maxPairs),
  ).map((some) => `jsonb_build_object(${some.join(', ')})`)
  const custom = `coalesce((select jsonb_object_agg(${quoteLiteral(customFieldPrefix)} || key, value)
        from jsonb_each(r.custom_fields)), '{}')`
  return [...objects, custom].join(' || ')
}
