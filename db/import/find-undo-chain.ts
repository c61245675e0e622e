import { sql, type Transaction } from 'kysely'
import type { Database } from '../database.ts'
import { getRun, type RunRow } from './runs.ts'

/** From the import that created and changed records, over every undo, to the run at hand. */
export type UndoChain = { readonly root: RunRow; readonly undos: readonly RunRow[] }

/** What a run goes back to: an import is its own root, an undo takes something back that may itself be an undo. */
export async function findUndoChain(trx: Transaction<Database>, run: RunRow): Promise<UndoChain> {
  const undos: RunRow[] = []
  let at = run
  while (at.undoOf !== null) {
    undos.unshift(at)
    at = await getRun(trx, at.undoOf)
  }
  return { root: at, undos }
}

/** True when the import made records at all: otherwise they need not be looked for. */
export async function hasCreated(trx: Transaction<Database>, runId: string): Promise<boolean> {
  const { rows } = await sql`
    select from applied_batches where run_id = ${runId} and coalesce((counts ->> 'create')::int, 0) > 0 limit 1`.execute(
    trx,
  )
  return rows.length > 0
}
