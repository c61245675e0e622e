import type { Transaction } from 'kysely'
import type { Database } from '../database.ts'
import type { RunRow } from '../import/runs.ts'
import { findOwnObstacle } from './find-own-obstacle.ts'
import { findNewerChange, type UndoObstacle } from './find-undo-through.ts'

/**
 * Why a run cannot be undone, in words for the one who asked; undefined when it can. With `now` the window is looked at
 * too; its workflow, which is the window, leaves that out.
 */
export async function findUndoObstacle(
  trx: Transaction<Database>,
  run: RunRow,
  { now }: { readonly now?: Date } = {},
): Promise<UndoObstacle | undefined> {
  const reason = await findOwnObstacle(trx, run, now)
  return reason === undefined ? findNewerChange(trx, run, now) : { reason }
}
