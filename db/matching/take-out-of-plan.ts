import { sql, type Transaction } from 'kysely'
import type { DataType } from '../../domain/data-types/define-data-type.ts'
import type { CaseReason, StoredCandidate } from '../../domain/duplicate-case.ts'
import type { Database } from '../database.ts'
import { planReason } from '../staging/plan-reason.ts'
import { schoolOf } from '../fields/field-sql.ts'
import type { RunRow } from '../import/runs.ts'

/** What a plan came upon: a staged row, whom it may be, and the row under which it is asked about with others. */
export type Find = {
  readonly seq: number
  readonly candidates: readonly StoredCandidate[]
  readonly leadSeq: number | null
}

/** Keeps what a plan came upon. Conflicts are likely at once; of duplicates the strength is drawn when all are known. */
export async function insertFinds(
  trx: Transaction<Database>,
  run: RunRow,
  reason: CaseReason,
  finds: readonly Find[],
): Promise<void> {
  if (finds.length === 0) return
  await sql`
    insert into duplicate_finds (district_id, run_id, seq, strength, reason, candidates, lead_seq)
    select ${run.districtId}::uuid, ${run.id}::uuid, found.seq,
      ${reason === 'resembles' ? null : 'likely'}, ${reason}, found.candidates, found."leadSeq"
    from jsonb_to_recordset(${JSON.stringify(finds)}::jsonb) as found (seq integer, candidates jsonb, "leadSeq" integer)
    on conflict do nothing`.execute(trx)
}

/**
 * Takes the likely finds out of the plan until a person has decided: duplicates or identity conflicts, by the reason
 * under which they are skipped. Whoever it may be must not leave while we ask whether it is her.
 */
export async function takeOutOfPlan(
  trx: Transaction<Database>,
  { run, planNo, dataType }: { readonly run: RunRow; readonly planNo: number; readonly dataType: DataType },
  reason: typeof planReason.duplicate | typeof planReason.identityConflict,
): Promise<void> {
  const isMeant = reason === planReason.duplicate ? sql`f.reason = 'resembles'` : sql`f.reason <> 'resembles'`
  await sql`
    insert into plan_rows (district_id, run_id, plan_no, seq, action, school_id, reason)
    select f.district_id, f.run_id, ${planNo}, f.seq, 'skip', ${sql.raw(schoolOf(dataType, 's'))}, ${reason}
    from duplicate_finds f join ${sql.table(dataType.stagedTable)} s on s.run_id = f.run_id and s.seq = f.seq
    where f.run_id = ${run.id} and f.strength = 'likely' and ${isMeant}
    on conflict (run_id, plan_no, seq) do update
      set action = excluded.action, reason = excluded.reason, record_id = null, revision = null, changes = null`.execute(
    trx,
  )
  await sql`
    delete from plan_rows p using duplicate_finds f cross join lateral jsonb_array_elements(f.candidates)
      with ordinality as c (candidate, number)
    where p.run_id = ${run.id} and p.plan_no = ${planNo} and p.action = 'deactivate' and p.reason = ${planReason.absent}
      and f.run_id = p.run_id and f.strength = 'likely' and ${isMeant}
      and (c.number = 1 or f.reason <> 'resembles') and p.record_id = (c.candidate ->> 'recordId')::uuid`.execute(trx)
}
