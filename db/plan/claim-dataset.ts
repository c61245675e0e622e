import type { Transaction } from 'kysely'
import type { Database } from '../database.ts'
import { lockRun, type RunRow } from '../import/runs.ts'
import { findNewerWord, findOlderAtWork, lockDataset, type HeldDataset } from '../import/last-word.ts'

/** Why a plan may not be applied, now or at all. */
export type ClaimObstacle =
  /** Somebody else changed the records since the run read what is held. */
  | { readonly kind: 'stale' }
  /** A newer import took this one's place. */
  | { readonly kind: 'superseded'; readonly byRunId: string }
  /** The input only says what changed, and an older one has to come first. */
  | { readonly kind: 'waits'; readonly forRunId: string }

export type DatasetClaim =
  { readonly run: RunRow & { readonly batchRows: number } } | { readonly obstacle: ClaimObstacle }

/**
 * Lets the run say what the records follow from now on, once; whoever was at it ends the batch at hand first. With
 * `hasWork` it becomes the last one to change its data type. Gives the run with the size of its batches, or why it may
 * not; then nothing is changed. `onClaim` belongs to the claim: both are committed, or neither.
 */
export async function claimDataset(
  trx: Transaction<Database>,
  request: {
    readonly runId: string
    readonly batchRows: number
    readonly hasWork: boolean
    readonly onClaim?: ((trx: Transaction<Database>) => Promise<unknown>) | undefined
  },
): Promise<DatasetClaim> {
  const { runId, hasWork } = request
  const run = await lockRun(trx, runId)
  if (run === undefined) throw new Error(`there is no run ${runId} in this district`)
  const held = await lockDataset(trx, run)
  const isLast = held.lastRunId === run.id
  // An attempt that was interrupted goes on; after a hold somebody may have come meanwhile.
  if (!isLast || run.state === 'held') {
    const obstacle = await findObstacle(trx, run, held)
    if (obstacle !== undefined) return { obstacle }
  }
  await request.onClaim?.(trx)
  // What others read after the last batch and before this one is stale: a hold, and whatever comes after, is a new change.
  if (hasWork && (!isLast || run.state === 'held')) {
    const version = held.version + 1
    await trx
      .updateTable('datasetVersions')
      .set({
        ...{ version, lastRunId: run.id },
        // What was imported last no longer describes the records, until this run is through; of fields it says nothing.
        ...(!run.isFieldImport && { lastAppliedSha256: null, lastAppliedFingerprint: null }),
      })
      .where('districtId', '=', run.districtId)
      .where('dataType', '=', run.dataType)
      .execute()
    await trx.updateTable('importRuns').set({ appliedVersion: version }).where('id', '=', run.id).execute()
  }
  if (run.batchRows !== null) return { run: { ...run, batchRows: run.batchRows } }
  const { batchRows } = request
  await trx.updateTable('importRuns').set({ batchRows }).where('id', '=', run.id).execute()
  return { run: { ...run, batchRows } }
}

async function findObstacle(
  trx: Transaction<Database>,
  run: RunRow,
  held: HeldDataset,
): Promise<ClaimObstacle | undefined> {
  const newer = await findNewerWord(trx, run.id)
  if (newer !== undefined) return { kind: 'superseded', byRunId: newer.runId }
  if (held.lastRunId === run.id) return undefined
  if (held.version !== (run.rosterVersion ?? 0)) return { kind: 'stale' }
  if (run.rosterBatches !== null && held.batches !== run.rosterBatches) return { kind: 'stale' }
  if (run.staging?.isDelta !== true || run.isResolution) return undefined
  const older = await findOlderAtWork(trx, run.id)
  return older === undefined ? undefined : { kind: 'waits', forRunId: older.runId }
}
