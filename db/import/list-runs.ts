import { sql, type Transaction } from 'kysely'
import type { Database } from '../database.ts'
import type { RunRow } from './runs.ts'

/** Runs of the transaction's district, the newest first, those older than the run `beforeId`. */
export function listRuns(
  trx: Transaction<Database>,
  filter: { readonly dataType?: string | undefined; readonly beforeId?: string | undefined; readonly limit: number },
): Promise<RunRow[]> {
  let query = trx
    .selectFrom('importRuns')
    .selectAll()
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(filter.limit)
  if (filter.dataType !== undefined) query = query.where('dataType', '=', filter.dataType)
  if (filter.beforeId !== undefined) {
    const before = sql`(select created_at, id from import_runs where id = ${filter.beforeId})`
    query = query.where(sql<boolean>`(created_at, id) < ${before}`)
  }
  return query.execute()
}
