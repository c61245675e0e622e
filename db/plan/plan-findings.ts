import { sql, type Transaction } from 'kysely'
import { columnOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import { fieldImportRules } from '../../domain/import-rules/field-import-rules.ts'
import { noFindings, type Severity } from '../../domain/import-rules/finding.ts'
import type { Database } from '../database.ts'
import { deleteFindings } from '../import/findings.ts'
import { updateRunFindings, type RunRow } from '../import/runs.ts'
import { listLosableReferences, quoteName } from '../fields/field-sql.ts'
import { partBit, stagedKind } from '../staging/staged-parts.ts'
import { sumCounts, type PlanCount } from './plan-counts.ts'
import { insertSchoolFindings, schoolRules } from './schools/school-skips.ts'
import { leavingOut, lostReferenceRules, planReason } from '../staging/plan-reason.ts'
import type { PlanShape } from './plan-sql.ts'
import { isOlder } from '../records/source-times.ts'

type PlanRule = {
  readonly rule: string
  /** An error unless told. */
  readonly severity?: Severity
  /** Of the skips that it tells; those of `leavingOut` under this rule unless told. */
  readonly reasons?: readonly string[]
  readonly message: string
  /** Not counted by the safety limit of the errors, because another one looks at these or none needs to. */
  readonly hasOwnLimit?: true
}

/** Of a row that is imported all the same; its severity is a warning. */
const keptKeyRule = {
  rule: 'I-13',
  message: 'The source has no id for this record any more; the one we hold is kept. Fill it at the source.',
}

/** Of a row that is imported all the same. */
const lostReferenceRule = {
  rule: lostReferenceRules.without,
  message:
    'Some of the records that it names here are none that we hold; it is imported without them. They come in by themselves when we hold them.',
}

const olderRule = 'D-05'

/** What only the comparison with the records brings to light (domain/import-rules/registry.ts). */
const planRules: readonly PlanRule[] = [
  {
    rule: 'I-01',
    message:
      'Another record of the input, or of ours, has the same id; the row is not imported. Give each record its own id at the source.',
  },
  {
    rule: 'I-03',
    message:
      'A required field has no value, or names an org that is not in the input; the record is not imported. Correct it at the source.',
  },
  {
    rule: lostReferenceRules.leftOut,
    // What we hold is no mistake of the input, and a term that has not begun is no reason to hold a run.
    hasOwnLimit: true,
    message:
      'It refers to a record that we do not hold; it is not imported, and comes in by itself when that one does. Import that data type first, or correct the reference at the source.',
  },
  {
    rule: 'I-11',
    hasOwnLimit: true,
    message:
      'The ids of this row lead to different records, or to somebody else than the rest of it says; nothing of it is imported until somebody decides (`rollbook alert list`). Are the ids right at the source?',
  },
  {
    rule: 'I-12',
    message:
      'Of these ids somebody said that the feed is wrong; the row is not imported and the records stay as they are. Correct the ids at the source.',
  },
  {
    rule: olderRule,
    severity: 'warning',
    reasons: [planReason.older],
    message:
      'By its time of change the row is older than what came in before, of this record or in a complete package; it is ignored. The delta came late: nothing is to be done unless the source says otherwise now.',
  },
  {
    rule: 'D-06',
    severity: 'info',
    reasons: [planReason.notKnown],
    message: 'The delta withdraws a record that we do not hold; nothing is to be done.',
  },
]

/** The same of the rows of a field import. */
const fieldRules: readonly PlanRule[] = [
  {
    rule: fieldImportRules.unknownId.id,
    reasons: [planReason.unknownId],
    message:
      'No record that we hold has this id; nothing is changed and nobody is created. Correct the id, or import the records first.',
  },
  {
    rule: fieldImportRules.severalRecords.id,
    reasons: [planReason.severalRecords],
    message: 'Several active records that we hold have this id; none is changed. Match by another field.',
  },
  {
    rule: fieldImportRules.inactiveRecord.id,
    severity: 'warning',
    reasons: [planReason.inactiveRecord],
    message: 'The record with this id is inactive; it stays as it is. Remove the row, or import the records first.',
  },
  {
    rule: fieldImportRules.lostZeros.id,
    reasons: [planReason.lostZeros],
    message:
      'We hold this id with zeros at its beginning, which a spreadsheet has taken away; nothing is changed. Format the column as text and export again.',
  },
]

/** As insertPlanFindings, of a field import; returns how many rows count as errors of the input. */
export async function insertFieldFindings(
  trx: Transaction<Database>,
  dataType: DataType,
  plan: { readonly run: RunRow; readonly planNo: number; readonly counts: readonly PlanCount[] },
): Promise<number> {
  await deleteFindings(trx, { runId: plan.run.id, step: 'plan' })
  let total = 0
  for (const planRule of fieldRules) {
    const { reasons = [] } = planRule
    const count = sumCounts(plan.counts, ({ reason }) => reason !== null && reasons.includes(reason))
    if (count > 0) await insertFindingsOf(trx, dataType, { ...plan, planRule, reasons })
    if (planRule.severity === undefined) total += count
  }
  await insertLostReferences(trx, dataType, plan)
  await recountFindings(trx, plan.run)
  return total
}

/**
 * Writes a finding for each row that is skipped by a mistake of the source, and brings the run's counts of findings up
 * to date; those of an earlier attempt go first. Returns how many count as errors of the input.
 */
export async function insertPlanFindings(
  trx: Transaction<Database>,
  dataType: DataType,
  plan: {
    readonly run: RunRow
    readonly planNo: number
    readonly counts: readonly PlanCount[]
    readonly shape: PlanShape
    /** The input is older than one that was applied. */
    readonly isLate: boolean
  },
): Promise<number> {
  await deleteFindings(trx, { runId: plan.run.id, step: 'plan' })
  await insertSchoolFindings(trx, plan.run)
  let total = 0
  for (const planRule of planRules) {
    const reasons =
      planRule.reasons ?? leavingOut.filter(({ rule }) => rule === planRule.rule).map(({ reason }) => reason)
    const isMeant = ({ action, reason }: PlanCount) => action === 'skip' && reason !== null && reasons.includes(reason)
    const count = sumCounts(plan.counts, isMeant)
    if (count > 0) await insertFindingsOf(trx, dataType, { ...plan, planRule, reasons })
    if (planRule.severity === undefined && planRule.hasOwnLimit !== true) total += count
  }
  await insertKeptKeys(trx, dataType, plan)
  await insertLostReferences(trx, dataType, plan)
  if (plan.shape.isDelta) await insertOlderSupplements(trx, dataType, plan)
  if (plan.isLate) await insertLateInput(trx, plan.run)
  await recountFindings(trx, plan.run)
  return total
}

async function insertKeptKeys(
  trx: Transaction<Database>,
  dataType: DataType,
  { run, planNo }: { readonly run: RunRow; readonly planNo: number },
): Promise<void> {
  const [firstKey] = dataType.matchKeys
  const column = sql.ref(columnOf(firstKey))
  await sql`
    insert into run_findings (district_id, run_id, seq, step, rule, severity, line, "column", source_id, message)
    select p.district_id, p.run_id,
      (select coalesce(max(seq), 0) from run_findings where run_id = ${run.id}) + row_number() over (order by p.seq),
      'plan', ${keptKeyRule.rule}, 'warning', s.line, ${firstKey}, s.source_key, ${keptKeyRule.message}
    from plan_rows p join ${sql.table(dataType.stagedTable)} s on s.run_id = p.run_id and s.seq = p.seq
    where p.run_id = ${run.id} and p.plan_no = ${planNo} and p.action in ('update', 'reactivate', 'unchanged')
      and s.kind = ${stagedKind.active} and s.parts & ${partBit.primary} <> 0 and s.${column} is null`.execute(trx)
}

async function insertLostReferences(
  trx: Transaction<Database>,
  dataType: DataType,
  { run, planNo }: { readonly run: RunRow; readonly planNo: number },
): Promise<void> {
  // Reads every staged row of the run.
  if (listLosableReferences(dataType).length === 0) return
  await sql`
    insert into run_findings (district_id, run_id, seq, step, rule, severity, line, "column", source_id, message)
    select s.district_id, s.run_id,
      (select coalesce(max(seq), 0) from run_findings where run_id = ${run.id}) + row_number() over (order by s.seq, field),
      'plan', ${lostReferenceRule.rule}, 'warning', nullif(s.line, 0), field, s.source_key, ${lostReferenceRule.message}
    from ${sql.table(dataType.stagedTable)} s
    cross join lateral unnest(s.unresolved) field
    left join plan_rows p on p.run_id = s.run_id and p.plan_no = ${planNo} and p.seq = s.seq
    where s.run_id = ${run.id} and s.unresolved is not null and s.kind in (${stagedKind.active}, ${stagedKind.fields})
      and p.action is distinct from 'skip'`.execute(trx)
}

async function insertFindingsOf(
  trx: Transaction<Database>,
  dataType: DataType,
  plan: {
    readonly run: RunRow
    readonly planNo: number
    readonly planRule: PlanRule
    readonly reasons: readonly string[]
  },
): Promise<void> {
  const { run, planNo, planRule, reasons } = plan
  const blank = Object.entries(dataType.fields)
    .filter(([, { presence }]) => presence === 'required')
    .map(
      ([field]) =>
        `when p.reason = '${planReason.missingRequired}' and s.${quoteName(columnOf(field))} is null then '${field}'`,
    )
  const lost = `when p.reason = '${planReason.unresolved}' then s.unresolved[1]`
  await sql`
    insert into run_findings (district_id, run_id, seq, step, rule, severity, line, "column", source_id, message)
    select p.district_id, p.run_id,
      (select coalesce(max(seq), 0) from run_findings where run_id = ${run.id}) + row_number() over (order by p.seq),
      'plan', ${planRule.rule}, ${planRule.severity ?? 'error'}, s.line, ${sql.raw(`case ${lost} ${blank.join(' ')} end`)}, s.source_key,
      ${planRule.message}
    from plan_rows p join ${sql.raw(quoteName(dataType.stagedTable))} s on s.run_id = p.run_id and s.seq = p.seq
    where p.run_id = ${run.id} and p.plan_no = ${planNo} and p.action = 'skip'
      and p.reason = any (${reasons}::text[])`.execute(trx)
}

/** Rows that count though what the supplement adds to them is older than what we hold, and is left out. */
async function insertOlderSupplements(
  trx: Transaction<Database>,
  dataType: DataType,
  { run, planNo, shape }: { readonly run: RunRow; readonly planNo: number; readonly shape: PlanShape },
): Promise<void> {
  const message =
    'What the input adds to this record is older than what we hold of it; it is ignored, and the rest of the record is not.'
  await sql`
    insert into run_findings (district_id, run_id, seq, step, rule, severity, line, source_id, message)
    select p.district_id, p.run_id,
      (select coalesce(max(seq), 0) from run_findings where run_id = ${run.id}) + row_number() over (order by p.seq),
      'plan', ${olderRule}, 'warning', s.line, s.source_key, ${message}
    from plan_rows p join ${sql.raw(quoteName(dataType.stagedTable))} s on s.run_id = p.run_id and s.seq = p.seq
    join ${sql.raw(quoteName(dataType.table))} r on r.id = p.record_id
    where p.run_id = ${run.id} and p.plan_no = ${planNo} and s.parts & ${partBit.primary} <> 0
      and ${sql.raw(isOlder('supplement', shape))}`.execute(trx)
}

/** Told once of the whole input, whether or not one of its rows turned out to be old. */
async function insertLateInput(trx: Transaction<Database>, run: RunRow): Promise<void> {
  await sql`
    insert into run_findings (district_id, run_id, seq, step, rule, severity, message)
    select ${run.districtId}, ${run.id}, (select coalesce(max(seq), 0) from run_findings where run_id = ${run.id}) + 1,
      'plan', ${olderRule}, 'warning',
      'The delta is older than an input that was applied before it. Its rows that are older than what we hold are ignored, and whom it withdraws waits for a person. Send deltas in their order, or import a complete package.'
  `.execute(trx)
}

/** Counts anew the rules that both steps can break, because a repeated plan must not count its own twice. */
async function recountFindings(trx: Transaction<Database>, run: RunRow): Promise<void> {
  const rules = [...planRules, ...fieldRules, keptKeyRule, lostReferenceRule, ...Object.values(schoolRules)].map(
    ({ rule }) => rule,
  )
  const { rows } = await sql<{ rule: string; severity: Severity; count: number }>`
    select rule, severity, count(*)::int as count from run_findings
    where run_id = ${run.id} and rule = any (${rules}::text[]) group by rule, severity`.execute(trx)
  const byRule: Record<string, { severity: Severity; count: number }> = Object.fromEntries(
    Object.entries(run.findingsByRule).filter(([rule]) => !rules.includes(rule)),
  )
  for (const { rule, severity, count } of rows) byRule[rule] = { severity, count }
  const totals: Record<Severity, number> = { ...noFindings }
  for (const { severity, count } of Object.values(byRule)) totals[severity] += count
  await updateRunFindings(trx, run.id, { totals, byRule })
}
