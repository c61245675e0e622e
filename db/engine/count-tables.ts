import type { Transaction } from 'kysely'
import { getDataType } from '../../domain/data-types/registry.ts'
import type { Database } from '../database.ts'
import { getRun } from '../import/runs.ts'
import { countJoined, countOutgrown, joinedTables } from './count-outgrown.ts'

/** Has the planner know anew every table that the steps of a run join. A table that somebody has locked is passed over. */
export async function countTables(trx: Transaction<Database>, runId: string): Promise<void> {
  const { table, stagedTable } = getDataType((await getRun(trx, runId)).dataType)
  await countJoined(trx, [table, stagedTable, ...joinedTables])
}

/** The same of those that the planner does not know, or not as they are (countOutgrown). */
export async function countOutgrownTables(trx: Transaction<Database>, runId: string): Promise<void> {
  const { table, stagedTable } = getDataType((await getRun(trx, runId)).dataType)
  await countOutgrown(trx, [table, stagedTable, ...joinedTables])
}
