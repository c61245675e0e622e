import { sql, type Transaction } from 'kysely'
import { columnOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import type { Database } from '../database.ts'
import { quoteName } from '../staging/staged-parts.ts'

/** Has the planner know the records of a data type, in the columns that a plan joins. */
export async function analyzeRecords(trx: Transaction<Database>, dataType: DataType): Promise<void> {
  const columns = ['id', 'district_id', 'status', 'primary_digest', ...dataType.matchKeys.map(columnOf)]
  await sql.raw(`analyze ${quoteName(dataType.table)} (${columns.map(quoteName).join(', ')})`).execute(trx)
}

/**
 * The same where the planner takes a table with pages for an empty one: it was counted while its first rows were being
 * written, and after a crash of PostgreSQL nobody counts again. Every staged row would be compared with every record.
 */
export async function analyzeWhereUncounted(trx: Transaction<Database>, dataType: DataType): Promise<void> {
  const { rows } = await sql<{ isUncounted: boolean }>`
    select reltuples < relpages and pg_relation_size(oid) > 0 as is_uncounted
    from pg_class where oid = ${dataType.table}::regclass`.execute(trx)
  if (rows[0]?.isUncounted === true) await analyzeRecords(trx, dataType)
}
