import { columnOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import { quoteName } from '../fields/field-sql.ts'

/** Names an incoming record from one run to the next: its first key, or the next that it has. SQL over a staged row. */
export function incomingKeyOf({ matchKeys }: DataType, alias: string): string {
  return `coalesce(${matchKeys.map((field) => `${alias}.${quoteName(columnOf(field))}`).join(', ')})`
}
