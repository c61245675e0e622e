import { sql, type Transaction } from 'kysely'
import type { Database } from '../database.ts'
import { lockRun, type RunRow } from '../queries/runs.ts'

/**
 * Makes the run the last one to change its data type, once; whoever was at it ends the batch at hand first. Undefined
 * when somebody else changed the data type since the run read what is held: its plan is stale. Otherwise the run, with
 * the size of its batches.
 */
export async function claimDataset(
  trx: Transaction<Database>,
  runId: string,
  batchRows: number,
): Promise<(RunRow & { readonly batchRows: number }) | undefined> {
  const run = await lockRun(trx, runId)
  if (run === undefined) throw new Error(`there is no run ${runId} in this district`)
  const { rows } = await sql<{ version: number; lastRunId: string | null }>`
    insert into dataset_versions (district_id, data_type) values (${run.districtId}, ${run.dataType})
    on conflict (district_id, data_type) do update set version = dataset_versions.version
    returning version, last_run_id`.execute(trx)
  const [current] = rows
  if (current === undefined) throw new Error('an upsert gives its row')
  if (current.lastRunId !== run.id) {
    if (current.version !== (run.rosterVersion ?? 0)) return undefined
    // What was imported last no longer describes the records, until this run is through.
    await trx
      .updateTable('datasetVersions')
      .set({ version: current.version + 1, lastRunId: run.id, lastAppliedSha256: null, lastAppliedFingerprint: null })
      .where('districtId', '=', run.districtId)
      .where('dataType', '=', run.dataType)
      .execute()
    await trx
      .updateTable('importRuns')
      .set({ appliedVersion: current.version + 1 })
      .where('id', '=', run.id)
      .execute()
  }
  if (run.batchRows !== null) return { ...run, batchRows: run.batchRows }
  await trx.updateTable('importRuns').set({ batchRows }).where('id', '=', run.id).execute()
  return { ...run, batchRows }
}
