import { sql, type Transaction } from 'kysely'
import type { DataType } from '../../domain/data-types/define-data-type.ts'
import type { Severity } from '../../domain/import-rules/finding.ts'
import type { Database } from '../database.ts'
import { deleteFindings } from '../queries/findings.ts'
import { updateRunFindings, type RunRow } from '../queries/runs.ts'
import type { FindingTotals } from '../tables/import-runs.ts'
import { quoteName } from '../staging/staged-parts.ts'
import { planReason } from './plan-sql.ts'

/** Rules that only a comparison with the records can break. Their ids begin with I; all are errors. */
export const planRules = {
  'I-01': {
    reasons: [planReason.sameKey, planReason.ambiguousKey],
    message:
      'Another record of the package, or of ours, has the same id; none of them is imported. Give each its own id at the source.',
  },
  'I-02': {
    reasons: [planReason.missingRequired],
    message:
      'A required field is blank or its school is not in the package; the record is not imported. Fill it at the source.',
  },
} as const

/**
 * Writes a finding for each row that is skipped by a mistake of the source, and adds them to the run's counts; those
 * of an earlier attempt go first. Returns how many.
 */
export async function insertPlanFindings(
  trx: Transaction<Database>,
  dataType: DataType,
  run: RunRow,
  planNo: number,
): Promise<number> {
  await deleteFindings(trx, { runId: run.id, step: 'plan' })
  const byRule: Record<string, { severity: Severity; count: number }> = Object.fromEntries(
    Object.entries(run.findingsByRule).filter(([rule]) => !(rule in planRules)),
  )
  let total = 0
  for (const [rule, { reasons, message }] of Object.entries(planRules)) {
    const { numAffectedRows } = await sql`
      insert into run_findings (district_id, run_id, seq, step, rule, severity, line, source_id, message)
      select p.district_id, p.run_id,
        (select coalesce(max(seq), 0) from run_findings where run_id = ${run.id}) + row_number() over (order by p.seq),
        'plan', ${rule}, 'error', s.line, s.source_key, ${message}
      from plan_rows p join ${sql.raw(quoteName(dataType.stagedTable))} s on s.run_id = p.run_id and s.seq = p.seq
      where p.run_id = ${run.id} and p.plan_no = ${planNo} and p.action = 'skip' and p.reason = any (${[...reasons]}::text[])
    `.execute(trx)
    const count = Number(numAffectedRows ?? 0n)
    if (count > 0) byRule[rule] = { severity: 'error', count }
    total += count
  }
  const totals: Record<keyof FindingTotals, number> = { block: 0, error: 0, warning: 0, info: 0 }
  for (const { severity, count } of Object.values(byRule)) totals[severity] += count
  await updateRunFindings(trx, run.id, { totals, byRule })
  return total
}
