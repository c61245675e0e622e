import { sql, type Transaction } from 'kysely'
import type { Database } from '../database.ts'
import type { UndoChain } from '../import/find-undo-chain.ts'

/**
 * Why the undo of this run, itself an undo of decisions that were carried out, would carry a decision over a newer one:
 * somebody decided one of the cases anew since. Undefined when it would not. `chain` ends with the run.
 */
export async function findDecidedAnew(
  trx: Transaction<Database>,
  { root, undos }: UndoChain,
): Promise<string | undefined> {
  if (!root.isResolution || undos.length % 2 === 0) return undefined
  const { rows } = await sql<{ id: string; isOpen: boolean }>`
    select id, state = 'open' as is_open from duplicate_cases
    where processed_run_id = ${root.id} and settled_decision is not null and decision is not null
    order by state = 'open', id limit 1`.execute(trx)
  const [anew] = rows
  if (anew === undefined) return undefined
  return anew.isOpen
    ? `case ${anew.id} was decided anew since; \`rollbook alert decide ${anew.id} --cancel\` takes that back`
    : `what was decided anew in case ${anew.id} since was carried out`
}

/** Nobody decides these cases while an undo is about to settle them again; freeCases lets go of them. */
export async function claimSettled(
  trx: Transaction<Database>,
  undoId: string,
  { root, undos }: UndoChain,
): Promise<void> {
  if (!root.isResolution || undos.length % 2 === 0) return
  await sql`
    update duplicate_cases set processing_run_id = ${undoId}
    where processed_run_id = ${root.id} and settled_decision is not null and decision is null
      and processing_run_id is null`.execute(trx)
}
