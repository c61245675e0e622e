import { sql, type Transaction } from 'kysely'
import type { UndoSkip } from '../../domain/undo/undo-skip.ts'
import type { Database } from '../database.ts'
import type { UndoCounts } from '../tables/undo.ts'
import { givenUpPlanNo, handedBackPlanNo } from './give-up-ids.ts'

/** What an undo did, in records: `reverted` got values back or another status, `madeInactive` were created. */
export type UndoTotals = {
  readonly reverted: number
  readonly madeInactive: number
  /** Fields that stay as they are. */
  readonly skippedCount: number
}

/** What the batches of an undo have done by now. */
async function countUndone(trx: Transaction<Database>, runId: string): Promise<UndoCounts> {
  const { rows } = await sql<{ name: keyof UndoCounts; count: number }>`
    select key as name, sum(value::int)::int as count
    from undo_batches, jsonb_each_text(counts) where run_id = ${runId} group by key`.execute(trx)
  const none: UndoCounts = { update: 0, reactivate: 0, deactivate: 0, madeInactive: 0, madeActive: 0 }
  return { ...none, ...Object.fromEntries(rows.map(({ name, count }) => [name, count])) }
}

/** Shows the undo's counts as its batches have them, so that one killed half-way shows what is done. */
export async function updateUndoCounts(trx: Transaction<Database>, runId: string): Promise<void> {
  await sql`select from import_runs where id = ${runId} for no key update`.execute(trx)
  const done = await countUndone(trx, runId)
  const shown = {
    updated: done.update,
    reactivated: done.reactivate + done.madeActive,
    deactivated: done.deactivate + done.madeInactive,
  }
  await sql`update import_runs set counts = counts || ${JSON.stringify(shown)}::jsonb where id = ${runId}`.execute(trx)
}

export async function countUndoTotals(trx: Transaction<Database>, runId: string): Promise<UndoTotals> {
  const done = await countUndone(trx, runId)
  const { rows } = await sql<{ skippedCount: number; planCount: number }>`
    select (select count(*)::int from undo_skips where run_id = ${runId}) as skipped_count,
      (select count(distinct plan_no)::int from undo_batches where run_id = ${runId} and part = 'journal') as plan_count
    `.execute(trx)
  const [facts] = rows
  return {
    reverted:
      done.madeActive +
      ((facts?.planCount ?? 0) > 1 ? await countRecords(trx, runId) : done.update + done.reactivate + done.deactivate),
    madeInactive: done.madeInactive,
    skippedCount: facts?.skippedCount ?? 0,
  }
}

/** A run whose plan was made again may have changed a record twice; it is one record all the same. */
async function countRecords(trx: Transaction<Database>, runId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(distinct record_id)::int as count
    from (select record_id from journal where run_id = ${runId} and plan_no not in (${givenUpPlanNo}, ${handedBackPlanNo})
      union all select record_id from record_changes where run_id = ${runId}) as touched`.execute(trx)
  return rows[0]?.count ?? 0
}

/** What an undo left as it is, in order of record and field. */
export async function listUndoSkips(
  trx: Transaction<Database>,
  { runId, limit }: { readonly runId: string; readonly limit: number },
): Promise<UndoSkip[]> {
  return trx
    .selectFrom('undoSkips')
    .select(['recordId', 'field', 'reason', 'by'])
    .where('runId', '=', runId)
    .orderBy('recordId')
    .orderBy('field')
    .limit(limit)
    .execute()
}
