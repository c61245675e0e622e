import { sql, type Transaction } from 'kysely'
import { getDataType } from '../../domain/data-types/registry.ts'
import type { Database } from '../database.ts'
import { getRun } from '../queries/runs.ts'

const otherTables = [
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

/** Has the planner know anew every table that the steps of a run join. A table that somebody has locked is passed over. */
export async function countTables(trx: Transaction<Database>, runId: string): Promise<void> {
  const { table, stagedTable } = getDataType((await getRun(trx, runId)).dataType)
  const tables = [table, stagedTable, ...otherTables].map((name) => sql.table(name))
  await sql`analyze (skip_locked) ${sql.join(tables)}`.execute(trx)
}
