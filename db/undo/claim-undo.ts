import { sql, type Transaction } from 'kysely'
import type { Database } from '../database.ts'
import { lockRun, type RunRow } from '../import/runs.ts'
import { findNewerChange } from './find-undo-through.ts'

export type UndoClaim =
  | { readonly run: RunRow & { readonly undoOf: string } }
  /** Somebody else carried it out and closed it: there is nothing left to do. */
  | { readonly isClosed: true }
  /** Another run changed the records before this undo began. */
  | { readonly obstacle: string }

/**
 * Makes the undo the last run to change its data type, as claimDataset does for an apply: plans made before are stale
 * from here on. An undo that has begun always goes on; before that it has to be about the last run still.
 */
export async function claimUndo(trx: Transaction<Database>, undoId: string): Promise<UndoClaim> {
  const run = await lockRun(trx, undoId)
  if (run === undefined || run.undoOf === null) throw new Error(`there is no undo ${undoId} in this district`)
  const { undoOf } = run
  // To claim the records once more would give it a place after what was undone since.
  if (run.state !== 'applying') return { isClosed: true }
  const { rows } = await sql<{ version: number; lastRunId: string | null }>`
    select version, last_run_id from dataset_versions
    where district_id = ${run.districtId} and data_type = ${run.dataType} for update`.execute(trx)
  const [held] = rows
  if (held === undefined) throw new Error('a run that changed records left a version of them')
  if (held.lastRunId === run.id) return { run: { ...run, undoOf } }
  if (run.appliedVersion === null) {
    const target = await lockRun(trx, undoOf)
    const obstacle = target === undefined ? { reason: 'the run is gone' } : await findNewerChange(trx, target)
    if (obstacle !== undefined) return { obstacle: obstacle.reason }
  }
  await trx
    .updateTable('datasetVersions')
    .set({ version: held.version + 1, lastRunId: run.id, lastAppliedSha256: null, lastAppliedFingerprint: null })
    .where('districtId', '=', run.districtId)
    .where('dataType', '=', run.dataType)
    .execute()
  await trx
    .updateTable('importRuns')
    .set({ appliedVersion: held.version + 1 })
    .where('id', '=', run.id)
    .execute()
  return { run: { ...run, undoOf, appliedVersion: held.version + 1 } }
}
