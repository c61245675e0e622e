import { sql, type Kysely, type RawBuilder } from 'kysely'
import { withDistrict, type Database } from '../database.ts'
import { countOutgrown } from '../engine/count-outgrown.ts'
import type { PurgeRequest } from './purge-run-logs.ts'

const defaultBatchRows = 10_000

/**
 * Lets go of the values of cases that are over for longer than `caseDays`: the incoming row, and what a match changed. The
 * case itself stays, with who decided what, and so does what is remembered of it; it can be taken back no more. Those of a
 * run that can still be undone are kept. Repeatable.
 */
export async function purgeCaseValues(
  db: Kysely<Database>,
  request: PurgeRequest & { readonly caseDays: number },
): Promise<{ readonly cases: number }> {
  const { districtId, now, caseDays, batchRows = defaultBatchRows } = request
  await withDistrict(db, districtId, (trx) => countOutgrown(trx, ['duplicate_cases']))
  const cases = await inBatches(
    db,
    request,
    sql`
    update duplicate_cases set incoming = null, changes = null, kept_days = ${caseDays}
    where id in (
      select c.id from duplicate_cases c left join import_runs run on run.id = c.processed_run_id
      where c.district_id = ${districtId} and c.state <> 'open' and c.processing_run_id is null and c.kept_days is null
        and coalesce(run.finished_at, c.decided_at, c.opened_at) < ${now}::timestamptz - make_interval(days => ${caseDays})
        and (run.undo_until is null or run.undo_until <= ${now}::timestamptz)
      limit ${batchRows}
      for update of c skip locked)`,
  )
  return { cases }
}

/**
 * Removes what came of starts of schedules, and alarms that were closed, both longer than `scheduleDays` ago. The newest
 * start of each schedule stays, however old: it says when the feed was last heard of. Repeatable.
 */
export async function purgeScheduleHistory(
  db: Kysely<Database>,
  request: PurgeRequest & { readonly scheduleDays: number },
): Promise<{ readonly firings: number; readonly alarms: number }> {
  const { districtId, now, scheduleDays, batchRows = defaultBatchRows } = request
  const end = sql`${now}::timestamptz - make_interval(days => ${scheduleDays})`
  const firings = await inBatches(
    db,
    request,
    sql`
    delete from schedule_firings where id in (
      select f.id from schedule_firings f
      where f.district_id = ${districtId} and f.decided_at < ${end} and exists (
        select from schedule_firings later
        where later.connection_id = f.connection_id and later.data_type = f.data_type and later.id > f.id)
      limit ${batchRows})`,
  )
  const alarms = await inBatches(
    db,
    request,
    sql`
    delete from alarms where id in (
      select id from alarms where district_id = ${districtId} and closed_at < ${end} limit ${batchRows})`,
  )
  return { firings, alarms }
}

/** Says the statement again, each time in a transaction of its own, until it finds fewer rows than it may take. */
async function inBatches(db: Kysely<Database>, request: PurgeRequest, statement: RawBuilder<unknown>): Promise<number> {
  const { districtId, batchRows = defaultBatchRows, afterBatch } = request
  let rows = 0
  for (;;) {
    const { numAffectedRows } = await withDistrict(db, districtId, (trx) => statement.execute(trx))
    await afterBatch?.()
    rows += Number(numAffectedRows ?? 0n)
    if (Number(numAffectedRows ?? 0n) < batchRows) return rows
  }
}
