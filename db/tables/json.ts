import type { ColumnType } from 'kysely'

/** A jsonb column: read as a value, written as text, because the driver would turn an array into a PostgreSQL array. */
export type Json<Value> = ColumnType<Value, string, string>
export type JsonWithDefault<Value> = ColumnType<Value, string | undefined, string>
export type NullableJson<Value> = ColumnType<Value | null, string | null | undefined, string | null>
