import { sql, type Transaction } from 'kysely'
import { isOver } from '../../domain/import-run.ts'
import { findUndoableRuns, type ChangingRun } from '../../domain/undo/find-undoable-runs.ts'
import type { Database } from '../database.ts'
import type { RunRow } from '../queries/runs.ts'
import { findUndoChain } from './find-undo-chain.ts'

/**
 * Why a run cannot be undone, in words for the one who asked; undefined when it can. With `now` the window is looked at
 * too; its workflow, which is the window, leaves that out.
 */
export async function findUndoObstacle(
  trx: Transaction<Database>,
  run: RunRow,
  { now }: { readonly now?: Date } = {},
): Promise<string | undefined> {
  if (run.isTest) return 'it was a test import and changed nothing'
  if (run.state === 'undone' || run.state === 'partlyUndone') return describeEarlierUndo(await findUndoOf(trx, run.id))
  if (!isOver(run.state)) return `it is not over; its state is "${run.state}"`
  if (run.undoUntil === null) return 'it changed no record'
  if (run.journalPurgedAt !== null || (now !== undefined && run.undoUntil <= now)) {
    return `its undo window ended at ${run.undoUntil.toISOString()}, and what undo needs is gone`
  }
  return findNewerChange(trx, run)
}

/** Why it is not the last one: names the run that has to be undone first. */
export async function findNewerChange(trx: Transaction<Database>, run: RunRow): Promise<string | undefined> {
  const { root } = await findUndoChain(trx, run)
  const runs = await listChangingRuns(trx, root)
  const undoable = findUndoableRuns(runs)
  if (undoable.includes(run.id)) return undefined
  const newer = undoable.findLast((id) => id !== run.id) ?? runs.at(-1)?.id
  return newer === undefined
    ? 'it changed no record'
    : `only the last run that changed the records can be undone, and that is ${newer}`
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

async function listChangingRuns(trx: Transaction<Database>, since: RunRow): Promise<ChangingRun[]> {
  const { rows } = await sql<ChangingRun>`
    select run.id, run.undo_of from import_runs run
    where run.district_id = ${since.districtId} and run.data_type = ${since.dataType} and not run.is_test
      and run.applied_version >= ${since.appliedVersion ?? 0}
      and (
        exists (
          select from applied_batches b, jsonb_each_text(b.counts) c
          where b.run_id = run.id and c.key <> 'unchanged' and c.value <> '0'
        ) or exists (
          select from undo_batches b, jsonb_each_text(b.counts) c where b.run_id = run.id and c.value <> '0'
        )
      )
    order by run.applied_version`.execute(trx)
  return rows
}
