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

/** Shows the run's counts as its batches have them, so that a run killed half-way shows what is applied. */
export async function updateAppliedCounts(trx: Transaction<Database>, runId: string): Promise<void> {
  await sql`select from import_runs where id = ${runId} for no key update`.execute(trx)
  const applied = await countApplied(trx, runId)
  const shown = {
    created: applied.create,
    updated: applied.update,
    reactivated: applied.reactivate,
    deactivated: applied.deactivate,
  }
  await sql`update import_runs set counts = counts || ${JSON.stringify(shown)}::jsonb where id = ${runId}`.execute(trx)
}
