import { sql, type Transaction } from 'kysely'
import type { DataType } from '../../domain/data-types/define-data-type.ts'
import { kindOfCase, type CaseKind } from '../../domain/duplicate-case.ts'
import type { Database } from '../database.ts'
import { countOutgrown } from '../engine/count-outgrown.ts'
import { buildNewId } from '../staging/planned-creates.ts'
import { incomingKeyOf } from '../matching/incoming-key.ts'
import { quoteLiteral } from '../fields/quote-literal.ts'
import { partBit, stagedKind } from '../staging/staged-parts.ts'
import type { RunRow } from '../import/runs.ts'

/**
 * Makes what an applied run came upon the open cases of its data type: those that are open already are taken over
 * with what was decided about them, as far as the chosen record is still a candidate; what the input no longer shows
 * is closed. Repeatable.
 */
export async function adoptCases(
  trx: Transaction<Database>,
  { run, dataType }: { readonly run: RunRow; readonly dataType: DataType },
): Promise<void> {
  const key = sql.raw(incomingKeyOf(dataType, 's'))
  await forgetDecisionsOfOthers(trx, run, dataType)
  const newId = buildNewId(`${quoteLiteral(run.id)}::uuid`, `${run.planNo}::smallint`, 'f.seq')
  await sql`
    insert into duplicate_cases (district_id, data_type, connection_id, run_id, seq, incoming_key, strength, reason,
      candidates, incoming_record_id)
    select f.district_id, ${dataType.name}, ${run.connectionId}::uuid, f.run_id, f.seq,
      ${key}, f.strength, f.reason, f.candidates,
      case when f.strength = 'possible' then ${sql.raw(newId)} end
    from duplicate_finds f join ${sql.table(dataType.stagedTable)} s on s.run_id = f.run_id and s.seq = f.seq
    where f.run_id = ${run.id} and f.strength is not null and f.lead_seq is null and ${key} is not null
    order by f.seq
    on conflict (district_id, data_type, connection_id, incoming_key) where state = 'open' do update
      set run_id = excluded.run_id, seq = excluded.seq, strength = excluded.strength, reason = excluded.reason,
        candidates = excluded.candidates, incoming_record_id = excluded.incoming_record_id,
        decision = case when ${isStillOffered} then duplicate_cases.decision end,
        decided_record_id = case when ${isStillOffered} then duplicate_cases.decided_record_id end
      where duplicate_cases.processing_run_id is null`.execute(trx)
  // A night may bring the first cases, and thousands of them.
  await countOutgrown(trx, ['duplicate_cases', 'duplicate_finds'])
  await replaceMembers(trx, run, dataType)
  await closeMended(trx, run, dataType)
}

const isStillOffered = sql`(duplicate_cases.decision in ('create', 'leave')
          or excluded.candidates @> jsonb_build_array(jsonb_build_object('recordId', duplicate_cases.decided_record_id)))`

/** What was decided about several records together does not hold for others. */
async function forgetDecisionsOfOthers(trx: Transaction<Database>, run: RunRow, dataType: DataType): Promise<void> {
  const staged = sql.table(dataType.stagedTable)
  await sql`
    update duplicate_cases c set decision = null, decided_record_id = null, decided_by = null, decided_at = null
    from duplicate_finds f join ${staged} s on s.run_id = f.run_id and s.seq = f.seq
    where f.run_id = ${run.id} and f.lead_seq is null and c.district_id = f.district_id
      and c.data_type = ${dataType.name} and c.connection_id = ${run.connectionId}::uuid and c.state = 'open'
      and c.incoming_key = ${sql.raw(incomingKeyOf(dataType, 's'))}
      and c.decision is not null and c.processing_run_id is null
      and array(select m.incoming_key from case_members m where m.case_id = c.id order by 1) <> array(
        select ${sql.raw(incomingKeyOf(dataType, 'other'))}
        from duplicate_finds mf join ${staged} other on other.run_id = mf.run_id and other.seq = mf.seq
        where mf.run_id = f.run_id and mf.lead_seq = f.seq order by 1)`.execute(trx)
}

async function replaceMembers(trx: Transaction<Database>, run: RunRow, dataType: DataType): Promise<void> {
  await sql`
    delete from case_members m using duplicate_cases c
    where c.id = m.case_id and c.run_id = ${run.id} and c.state = 'open' and c.processing_run_id is null`.execute(trx)
  await sql`
    insert into case_members (district_id, case_id, run_id, seq, incoming_key, candidates)
    select f.district_id, c.id, f.run_id, f.seq, ${sql.raw(incomingKeyOf(dataType, 's'))}, f.candidates
    from duplicate_finds f
    join duplicate_cases c on c.run_id = f.run_id and c.seq = f.lead_seq and c.state = 'open'
    join ${sql.table(dataType.stagedTable)} s on s.run_id = f.run_id and s.seq = f.seq
    where f.run_id = ${run.id} and f.lead_seq is not null
    on conflict do nothing`.execute(trx)
}

/**
 * Only of an input that is whole, or has the very record, does it say something that she is not asked about any more.
 * One that was created stays a question for as long as it and somebody whom it resembles are there.
 */
async function closeMended(trx: Transaction<Database>, run: RunRow, dataType: DataType): Promise<void> {
  const isWhole = run.staging?.isComplete === true && !run.staging.isDelta
  const records = sql.table(dataType.table)
  await sql`
    update duplicate_cases c set state = 'closed', closed_reason = 'mended', decision = null, decided_record_id = null
    where c.district_id = ${run.districtId} and c.data_type = ${dataType.name} and c.state = 'open'
      and c.connection_id = ${run.connectionId} and c.run_id <> ${run.id} and c.processing_run_id is null
      and case when c.incoming_record_id is null then ${isWhole} or c.incoming_key in (
          select ${sql.raw(incomingKeyOf(dataType, 's'))} from ${sql.table(dataType.stagedTable)} s
          where s.run_id = ${run.id} and s.kind = ${stagedKind.active} and s.parts & ${partBit.primary} <> 0)
        else not exists (select from ${records} r where r.id = c.incoming_record_id and r.status = 'active') end`.execute(
    trx,
  )
}

/**
 * Cases of the data type that ask for a person, by their kind: the likely ones, whose record waits outside. The possible
 * ones are hints, which a person may follow up or not.
 */
export async function countOpenCases(
  trx: Transaction<Database>,
  { districtId, dataType }: { readonly districtId: string; readonly dataType: string },
): Promise<Readonly<Record<CaseKind, number>>> {
  const rows = await trx
    .selectFrom('duplicateCases')
    .select(['reason', sql<number>`count(*)::int`.as('count')])
    .where('districtId', '=', districtId)
    .where('dataType', '=', dataType)
    .where('state', '=', 'open')
    .where('strength', '=', 'likely')
    .groupBy('reason')
    .execute()
  const counts = { duplicate: 0, identityConflict: 0 }
  for (const { reason, count } of rows) counts[kindOfCase(reason)] += count
  return counts
}

/** Open cases, hints among them, that this run is the newest to have. */
export async function countCasesOf(trx: Transaction<Database>, runId: string): Promise<number> {
  const { count } = await trx
    .selectFrom('duplicateCases')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('runId', '=', runId)
    .where('state', '=', 'open')
    .executeTakeFirstOrThrow()
  return count
}
