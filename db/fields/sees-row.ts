import { sql, type RawBuilder } from 'kysely'
import type { DataType } from '../../domain/data-types/define-data-type.ts'
import { isOfSchool } from './field-sql.ts'

/** Read once a statement and not once a row: the schools that the session is bound to, null when to none. */
const boundSchools = `(select nullif(current_setting('rollbook.school_ids', true), ''))::uuid[]`

/**
 * Whether the session may see a row of the data type over `alias` (SQL): any, unless it is bound to schools (limitToSchools);
 * then the rows of these schools, and none of a data type that belongs to no school.
 */
export function seesRow(dataType: DataType, alias: string): RawBuilder<boolean> {
  const isTheirs = dataType.schoolField === null ? 'false' : isOfSchool(dataType, alias, boundSchools)
  return sql.raw(`(${boundSchools} is null or coalesce(${isTheirs}, false))`)
}

/** The same of whatever names its school in a column (SQL). */
export function seesSchool(column: string): RawBuilder<boolean> {
  return sql.raw(`(${boundSchools} is null or coalesce(${column} = any (${boundSchools}), false))`)
}
