import { sql, type Transaction } from 'kysely'
import { columnOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import type { Database } from '../database.ts'
import { buildNewId } from '../plan/planned-creates.ts'
import { quoteLiteral } from '../staging/quote-literal.ts'
import type { RunRow } from '../queries/runs.ts'

/**
 * Makes what an applied run came upon the open cases of its data type: those that are open already are taken over
 * with what was decided about them, as far as the chosen record is still a candidate; what the input no longer shows
 * is closed. Repeatable.
 */
export async function adoptCases(
  trx: Transaction<Database>,
  { run, dataType }: { readonly run: RunRow; readonly dataType: DataType },
): Promise<void> {
  const [firstKey] = dataType.matchKeys
  const newId = buildNewId(`${quoteLiteral(run.id)}::uuid`, `${run.planNo}::smallint`, 'f.seq')
  await sql`
    insert into duplicate_cases (district_id, data_type, connection_id, run_id, seq, incoming_key, strength, reason,
      candidates, incoming_record_id)
    select f.district_id, ${dataType.name}, ${run.connectionId}::uuid, f.run_id, f.seq,
      s.${sql.ref(columnOf(firstKey))}, f.strength, f.reason, f.candidates,
      case when f.strength = 'possible' then ${sql.raw(newId)} end
    from duplicate_finds f join ${sql.table(dataType.stagedTable)} s on s.run_id = f.run_id and s.seq = f.seq
    where f.run_id = ${run.id} and f.strength is not null and s.${sql.ref(columnOf(firstKey))} is not null
    order by f.seq
    on conflict (district_id, data_type, connection_id, incoming_key) where state = 'open' do update
      set run_id = excluded.run_id, seq = excluded.seq, strength = excluded.strength, reason = excluded.reason,
        candidates = excluded.candidates, incoming_record_id = excluded.incoming_record_id,
        decision = case when ${isStillOffered} then duplicate_cases.decision end,
        decided_record_id = case when ${isStillOffered} then duplicate_cases.decided_record_id end
      where duplicate_cases.processing_run_id is null`.execute(trx)
  await closeMended(trx, run, dataType)
}

const isStillOffered = sql`(duplicate_cases.decision = 'create'
          or excluded.candidates @> jsonb_build_array(jsonb_build_object('recordId', duplicate_cases.decided_record_id)))`

/**
 * Only of an input that is whole does a record that is not asked about any more say something. One that was created
 * stays a question for as long as it and somebody whom it resembles are there.
 */
async function closeMended(trx: Transaction<Database>, run: RunRow, dataType: DataType): Promise<void> {
  const isWhole = run.staging?.isComplete === true && !run.staging.isDelta
  const records = sql.table(dataType.table)
  await sql`
    update duplicate_cases c set state = 'closed', closed_reason = 'mended', decision = null, decided_record_id = null
    where c.district_id = ${run.districtId} and c.data_type = ${dataType.name} and c.state = 'open'
      and c.connection_id = ${run.connectionId} and c.run_id <> ${run.id} and c.processing_run_id is null
      and case when c.incoming_record_id is null then ${isWhole}
        else not exists (select from ${records} r where r.id = c.incoming_record_id and r.status = 'active') end`.execute(
    trx,
  )
}

/**
 * Cases of the data type that ask for a person: the likely ones, whose record waits outside. The possible ones are hints,
 * which a person may follow up or not.
 */
export async function countOpenCases(
  trx: Transaction<Database>,
  { districtId, dataType }: { readonly districtId: string; readonly dataType: string },
): Promise<number> {
  const { count } = await trx
    .selectFrom('duplicateCases')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('districtId', '=', districtId)
    .where('dataType', '=', dataType)
    .where('state', '=', 'open')
    .where('strength', '=', 'likely')
    .executeTakeFirstOrThrow()
  return count
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
