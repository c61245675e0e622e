import { sql, type Transaction } from 'kysely'
import { columnOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import { dataTypes } from '../../domain/data-types/registry.ts'
import type { Database } from '../database.ts'
import { quoteName } from '../fields/field-sql.ts'

/** Beside the records and the staged rows, the tables that the steps of a run join. */
export const joinedTables = [
  'staged_unseen',
  'plan_rows',
  'journal',
  'undo_batches',
  'match_keys',
  'match_records',
  'match_names',
  'duplicate_finds',
  'duplicate_cases',
] as const

/**
 * Has the planner know those of these tables of which it knows nothing, that it takes for empty though they have pages, or
 * that are twice as large as when they were counted. Nobody else does in time: a table is counted while its first rows are
 * being written, what a step itself wrote is counted by nobody before the step is over, and after a crash of PostgreSQL,
 * which forgets how much was written, not at all. Every row of one side would then be compared with every one of the
 * other. Costs one question where nothing is to be done. A table that somebody has locked is passed over.
 */
export async function countOutgrown(trx: Transaction<Database>, tables: readonly string[]): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class
    where oid = any (${[...tables]}::regclass[])
      -- Its size is not asked of a table that is locked: that would wait. In other databases of the server another table
      -- may have its oid, and in one that was cloned from the same template it has. As "in", which reads the locks once.
      and case when oid in (
          select relation from pg_locks
          where mode = 'AccessExclusiveLock' and database = (select oid from pg_database where datname = current_database()))
        then false
        else pg_relation_size(oid) > 0
          and (reltuples <= 0 or pg_relation_size(oid) >= 2 * current_setting('block_size')::bigint * relpages)
        end`.execute(trx)
  if (rows.length > 0)
    await countJoined(
      trx,
      rows.map(({ name }) => name),
    )
}

/** Has the planner know these tables, whatever it knows of them: a run wrote rows that none of its statistics has. */
export async function countJoined(trx: Transaction<Database>, tables: readonly string[]): Promise<void> {
  const named = tables.map((name) => sql.raw(`${quoteName(name)}${listJoinedColumns(name)}`))
  await sql`analyze (skip_locked) ${sql.join(named)}`.execute(trx)
}

/** The wide tables in the columns alone that steps search by: values of everybody's take ten times as long to count. */
function listJoinedColumns(table: string): string {
  const columns =
    table === 'plan_rows' ? planColumns : Object.values(dataTypes).flatMap((type) => columnsOf(type, table))
  return columns.length === 0 ? '' : ` (${columns.map(quoteName).join(', ')})`
}

const planColumns = ['district_id', 'run_id', 'plan_no', 'seq', 'action', 'record_id', 'reason']

function columnsOf({ table, stagedTable, matchKeys }: DataType, name: string): string[] {
  const keys = matchKeys.map(columnOf)
  if (name === table) return ['id', 'district_id', 'status', 'primary_digest', 'created_run_id', ...keys]
  return name === stagedTable ? ['district_id', 'run_id', 'seq', 'kind', ...keys] : []
}
