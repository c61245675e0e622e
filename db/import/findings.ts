import { sql, type Transaction } from 'kysely'
import { withoutNul } from '../../domain/control-characters.ts'
import { noFindings, type Finding } from '../../domain/import-rules/finding.ts'
import type { Database } from '../database.ts'
import type { FindingStep } from '../tables/findings.ts'
import { updateRunFindings, type RunRow } from './runs.ts'

/** Writes a batch in one statement, numbered from `firstSeq`. A batch that is there already stays as it is. */
export async function insertFindings(
  trx: Transaction<Database>,
  batch: {
    readonly districtId: string
    readonly runId: string
    readonly step: FindingStep
    readonly firstSeq: number
    readonly findings: readonly Finding[]
  },
): Promise<void> {
  const { districtId, runId, step, firstSeq, findings } = batch
  if (findings.length === 0) return
  await sql`
    insert into run_findings (district_id, run_id, seq, step, rule, severity, file, line, "column", source_id, message)
    select ${districtId}::uuid, ${runId}::uuid, ${firstSeq}::bigint + f.ordinality - 1, ${step},
      f.rule, f.severity, f.file, f.line, f.col, f.source_id, f.message
    from unnest(
      ${findings.map((finding) => finding.rule)}::text[], ${findings.map((finding) => finding.severity)}::text[],
      ${findings.map((finding) => finding.file ?? null)}::text[], ${findings.map((finding) => finding.line ?? null)}::int[],
      ${findings.map((finding) => finding.column ?? null)}::text[],
      ${findings.map((finding) => (finding.sourcedId === undefined ? null : withoutNul(finding.sourcedId)))}::text[],
      ${findings.map((finding) => withoutNul(finding.message))}::text[]
    ) with ordinality as f (rule, severity, file, line, col, source_id, message, ordinality)
    on conflict do nothing
  `.execute(trx)
}

/** Adds one behind those that a run has, and counts it. */
export async function addFinding(
  trx: Transaction<Database>,
  { run, step, finding }: { readonly run: RunRow; readonly step: FindingStep; readonly finding: Finding },
): Promise<void> {
  const { id: runId, districtId, findingsByRule } = run
  const { rule, severity } = finding
  const { rows } = await sql<{ next: number }>`
    select coalesce(max(seq), 0)::int + 1 as next from run_findings where run_id = ${runId}`.execute(trx)
  await insertFindings(trx, { districtId, runId, step, firstSeq: rows[0]?.next ?? 1, findings: [finding] })
  await updateRunFindings(trx, runId, {
    totals: {
      ...noFindings,
      ...run.findingCounts,
      [severity]: (run.findingCounts[severity] ?? 0) + 1,
    },
    byRule: { ...findingsByRule, [rule]: { severity, count: (findingsByRule[rule]?.count ?? 0) + 1 } },
  })
}

/** What an earlier attempt of a step left. */
export async function deleteFindings(
  trx: Transaction<Database>,
  { runId, step }: { readonly runId: string; readonly step: FindingStep },
): Promise<void> {
  await trx.deleteFrom('runFindings').where('runId', '=', runId).where('step', '=', step).execute()
}
