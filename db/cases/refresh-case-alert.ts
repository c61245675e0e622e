import { sql, type Transaction } from 'kysely'
import type { Database } from '../database.ts'
import { countOpenCases } from './adopt-cases.ts'

/**
 * Brings the alert that tells of likely cases in step with them. When nothing asks for a person any more, the runs that
 * were complete but for their alerts are complete. `runId`: the run an alert is opened for that is not there.
 */
export async function refreshCaseAlert(
  trx: Transaction<Database>,
  { districtId, dataType, runId }: { readonly districtId: string; readonly dataType: string; readonly runId?: string },
): Promise<void> {
  const count = await countOpenCases(trx, { districtId, dataType })
  const isAlert = sql<boolean>`district_id = ${districtId} and data_type = ${dataType} and closed_at is null`
  if (count > 0) {
    const open = await sql`update alerts set count = ${count} where ${isAlert} and kind = 'duplicateCase'`.execute(trx)
    if (open.numAffectedRows === 1n || runId === undefined) return
    await sql`
      insert into alerts (district_id, data_type, run_id, kind, field, code, count)
      values (${districtId}, ${dataType}, ${runId}, 'duplicateCase', '', null, ${count})`.execute(trx)
    return
  }
  await sql`update alerts set closed_at = now() where ${isAlert} and kind = 'duplicateCase'`.execute(trx)
  await sql`
    update import_runs set state = 'completed'
    where district_id = ${districtId} and data_type = ${dataType} and state = 'completedWithAlerts'
      and not exists (select from alerts where ${isAlert})`.execute(trx)
}
