import type { Transaction } from 'kysely'
import { formatInstant } from '../../domain/format-instant.ts'
import { isOver } from '../../domain/import-run.ts'
import type { Database } from '../database.ts'
import type { RunRow } from '../import/runs.ts'
import { findDecidedAnew } from '../resolution/decided-anew.ts'
import { findUndoChain } from '../import/find-undo-chain.ts'

/** Why a run cannot be undone, whatever came after it; undefined when it can. With `now` the undo window is looked at too. */
export async function findOwnObstacle(
  trx: Transaction<Database>,
  run: RunRow,
  now: Date | undefined,
): Promise<string | undefined> {
  if (run.isTest) return 'it was a test import and changed nothing'
  if (run.state === 'undone' || run.state === 'partlyUndone') return describeEarlierUndo(await findUndoOf(trx, run.id))
  if (!isOver(run.state)) return `it is not over; its state is "${run.state}"`
  if (run.undoUntil === null) return 'it changed no record'
  if (run.journalPurgedAt !== null || (now !== undefined && run.undoUntil <= now)) {
    const { timeZone } = await trx
      .selectFrom('districts')
      .select('timeZone')
      .where('id', '=', run.districtId)
      .executeTakeFirstOrThrow()
    return `its undo window ended at ${formatInstant(run.undoUntil, timeZone)}, and what undo needs is gone`
  }
  return run.undoOf === null ? undefined : findDecidedAnew(trx, await findUndoChain(trx, run))
}

/** The undo that took a run back or is about to; one that was not carried out does not count. */
export async function findUndoOf(trx: Transaction<Database>, runId: string): Promise<RunRow | undefined> {
  return trx
    .selectFrom('importRuns')
    .selectAll()
    .where('undoOf', '=', runId)
    .where('state', '<>', 'discarded')
    .executeTakeFirst()
}

function describeEarlierUndo(undo: RunRow | undefined): string {
  return undo === undefined ? 'it was undone already' : `it was undone already, by run ${undo.id}`
}
