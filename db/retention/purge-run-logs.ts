import { sql, type Kysely, type RawBuilder, type Transaction } from 'kysely'
import { dataTypes } from '../../domain/data-types/registry.ts'
import { withDistrict, type Database } from '../database.ts'
import { purgeJournal } from './purge-journal.ts'
import { isLogPurgeable } from './is-log-purgeable.ts'

export type PurgeRequest = {
  readonly districtId: string
  readonly now: Date
  /** So many rows in one transaction. */
  readonly batchRows?: number
  /** After each transaction; what it throws ends the purge, which goes on where it was the next time. */
  readonly afterBatch?: (() => Promise<void> | void) | undefined
}

const defaultBatchRows = 10_000
const runsAtOnce = 100

/**
 * Removes the logs of runs that are over for longer than `logDays`: findings, plan, staged rows. The run with its counts
 * stays, and so does who changed what. A run is marked before the first row goes, so that nobody takes a part of its
 * log for the whole. Repeatable, and safe beside another one.
 */
export async function purgeRunLogs(
  db: Kysely<Database>,
  request: PurgeRequest & { readonly logDays: number },
): Promise<{ readonly runs: number; readonly rows: number }> {
  let runs = 0
  let rows = 0
  for (;;) {
    const runIds = await withDistrict(db, request.districtId, (trx) => listPurgeableRuns(trx, request))
    for (const runId of runIds) {
      if (!(await withDistrict(db, request.districtId, (trx) => closeLog(trx, runId, request)))) continue
      rows += await purgeRunLog(db, runId, request)
      runs += 1
    }
    if (runIds.length < runsAtOnce) return { runs, rows }
  }
}

async function listPurgeableRuns(
  trx: Transaction<Database>,
  request: { readonly districtId: string; readonly now: Date; readonly logDays: number },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select run.id from import_runs run
    where run.district_id = ${request.districtId} and run.log_purged_at is null
      and (run.log_kept_days is not null or ${isLogPurgeable(request)})
    order by run.finished_at
    limit ${runsAtOnce}`.execute(trx)
  return rows.map(({ id }) => id)
}

/** Asked again behind the lock of the run: it may have come into somebody's hands since it was listed. */
async function closeLog(
  trx: Transaction<Database>,
  runId: string,
  request: { readonly now: Date; readonly logDays: number },
): Promise<boolean> {
  await sql`select from import_runs where id = ${runId} for update`.execute(trx)
  const { numAffectedRows } = await sql`
    update import_runs run set log_kept_days = coalesce(log_kept_days, ${request.logDays})
    where id = ${runId} and log_purged_at is null
      and (log_kept_days is not null or ${isLogPurgeable(request)})`.execute(trx)
  if (numAffectedRows !== 1n) return false
  // Without its staged row nothing could be done about it.
  await trx
    .updateTable('duplicateCases')
    .set({ state: 'closed', closedReason: 'expired' })
    .where('runId', '=', runId)
    .where('state', '=', 'open')
    .execute()
  return true
}

async function purgeRunLog(db: Kysely<Database>, runId: string, request: PurgeRequest): Promise<number> {
  const { districtId, now, batchRows = defaultBatchRows, afterBatch } = request
  // The workflow of its undo window does this, unless somebody terminated it.
  const journal = await purgeJournal(db, { districtId, runId, now, ...(afterBatch !== undefined && { afterBatch }) })
  let rows = journal.purgedRows
  for (const table of listLogTables()) {
    for (;;) {
      const deleted = await withDistrict(db, districtId, (trx) => deleteSome(trx, table, runId, batchRows))
      await afterBatch?.()
      rows += deleted
      if (deleted < batchRows) break
    }
  }
  await withDistrict(db, districtId, (trx) =>
    trx.updateTable('importRuns').set({ logPurgedAt: now }).where('id', '=', runId).execute(),
  )
  return rows
}

/** Every table that holds rows of a run's input, what was wrong with them, and what was planned with them. */
function listLogTables(): readonly string[] {
  const staged = dataTypes.map(({ stagedTable }) => stagedTable)
  return [
    'run_findings',
    'plan_rows',
    'plan_counts',
    'run_school_skips',
    'staged_unseen',
    'duplicate_finds',
    'given_matches',
    'resolution_rows',
    ...staged,
  ]
}

async function deleteSome(
  trx: Transaction<Database>,
  table: string,
  runId: string,
  batchRows: number,
): Promise<number> {
  const name: RawBuilder<unknown> = sql.table(table)
  // By the places of the rows, because not every table has a key.
  const { numAffectedRows } = await sql`
    delete from ${name} where ctid = any (array(select ctid from ${name} where run_id = ${runId} limit ${batchRows}))
      and run_id = ${runId}`.execute(trx)
  return Number(numAffectedRows ?? 0n)
}
