import { sql, type Transaction } from 'kysely'
import { noActions, type ActionCounts, type PlanAction } from '../../domain/plan/plan-action.ts'
import type { Database } from '../database.ts'

/** Rows applied of a run by action, over all its plans, as its batches wrote them down. */
export async function countApplied(trx: Transaction<Database>, runId: string): Promise<ActionCounts> {
  const { rows } = await sql<{ action: PlanAction; count: number }>`
    select key as action, sum(value::int)::int as count
    from applied_batches, jsonb_each_text(counts) where run_id = ${runId} group by key`.execute(trx)
  return { ...noActions, ...Object.fromEntries(rows.map(({ action, count }) => [action, count])) }
}
