import { sql, type Kysely } from 'kysely'
import { withDistrict, type Database } from '../database.ts'
import { countOutgrown } from '../engine/count-outgrown.ts'
import { lockRun } from '../import/runs.ts'
import { isInOpenThrough } from '../undo/undo-through.ts'

const batchRows = 25_000

/**
 * Ends the undo of a run for good: its before- and after-images go, in batches; who changed which field of whom and
 * when stays for the record history. Repeatable. Nothing goes while an undo of several runs still needs them.
 */
export async function purgeJournal(
  db: Kysely<Database>,
  request: {
    readonly districtId: string
    readonly runId: string
    readonly now: Date
    readonly afterBatch?: () => Promise<void> | void
  },
): Promise<{ readonly purgedRows: number; readonly isNeeded: boolean }> {
  const { districtId, runId, now } = request
  const isNeeded = await withDistrict(db, districtId, async (trx) => {
    const run = await lockRun(trx, runId)
    if (run === undefined) throw new Error(`there is no run ${runId} in this district`)
    if (await isInOpenThrough(trx, run)) return true
    const journalPurgedAt = run.journalPurgedAt ?? now
    await trx.updateTable('importRuns').set({ journalPurgedAt }).where('id', '=', runId).execute()
    return false
  })
  if (isNeeded) return { purgedRows: 0, isNeeded }
  let purgedRows = 0
  for (;;) {
    const rows = await withDistrict(db, districtId, async (trx) => {
      await countOutgrown(trx, ['journal'])
      const { numAffectedRows } = await sql`
        with gone as (
          delete from journal where (run_id, plan_no, seq) in (
            select run_id, plan_no, seq from journal where run_id = ${runId} order by plan_no, seq limit ${batchRows}
          ) returning *
        )
        insert into record_changes (district_id, run_id, plan_no, seq, record_id, action, fields, applied_at)
        select district_id, run_id, plan_no, seq, record_id, action, array(select jsonb_object_keys(before) order by 1),
          applied_at
        from gone`.execute(trx)
      return Number(numAffectedRows ?? 0n)
    })
    if (rows === 0) return { purgedRows, isNeeded }
    purgedRows += rows
    await request.afterBatch?.()
  }
}
