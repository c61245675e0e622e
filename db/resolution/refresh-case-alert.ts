import { sql, type Transaction } from 'kysely'
import type { CaseKind } from '../../domain/duplicate-case.ts'
import type { Database } from '../database.ts'
import type { NewAlert } from '../import/alerts.ts'
import { countOpenCases } from './adopt-cases.ts'

/** The alerts that open cases come to, one for each kind of which there are any. */
export function caseAlerts(counts: Readonly<Record<CaseKind, number>>): NewAlert[] {
  return (['duplicate', 'identityConflict'] as const)
    .map((kind) => ({ kind: alertOf[kind], field: '', code: null, count: counts[kind] }))
    .filter(({ count }) => count > 0)
}

const alertOf = { duplicate: 'duplicateCase', identityConflict: 'identityConflict' } as const

/**
 * Brings the alerts that tell of likely cases in step with them. When nothing asks for a person any more, the runs that
 * were complete but for their alerts are complete. `runId`: the run an alert is opened for that is not there.
 */
export async function refreshCaseAlert(
  trx: Transaction<Database>,
  { districtId, dataType, runId }: { readonly districtId: string; readonly dataType: string; readonly runId?: string },
): Promise<void> {
  const alerts = caseAlerts(await countOpenCases(trx, { districtId, dataType }))
  const isAlert = sql<boolean>`district_id = ${districtId} and data_type = ${dataType} and closed_at is null`
  for (const { kind, count } of alerts) {
    const open = await sql`update alerts set count = ${count} where ${isAlert} and kind = ${kind}`.execute(trx)
    if (open.numAffectedRows === 1n || runId === undefined) continue
    await sql`
      insert into alerts (district_id, data_type, run_id, kind, field, code, count)
      values (${districtId}, ${dataType}, ${runId}, ${kind}, '', null, ${count})`.execute(trx)
  }
  const gone = Object.values(alertOf).filter((kind) => !alerts.some((alert) => alert.kind === kind))
  await sql`update alerts set closed_at = now() where ${isAlert} and kind = any (${gone}::text[])`.execute(trx)
  await sql`
    update import_runs set state = 'completed'
    where district_id = ${districtId} and data_type = ${dataType} and state = 'completedWithAlerts'
      and not exists (select from alerts where ${isAlert})`.execute(trx)
}
