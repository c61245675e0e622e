import { sql, type Transaction } from 'kysely'
import { columnOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import { drawLines, type QuestionBudgets, type StrengthLines } from '../../domain/matching/draw-lines.ts'
import type { Database } from '../database.ts'
import { findCandidates, type FoundCase } from '../matching/find-candidates.ts'
import { findContradictions } from '../matching/find-contradictions.ts'
import { planReason } from '../plan/plan-reason.ts'
import type { RunRow } from '../queries/runs.ts'
import { quoteName } from '../staging/staged-parts.ts'

export type CaseSearch = {
  readonly run: RunRow
  readonly planNo: number
  readonly dataType: DataType
  readonly budgets: QuestionBudgets
}

/** How many cases a plan came upon, by strength. */
export type FoundCases = { readonly likely: number; readonly possible: number }

/**
 * Looks who of those that a plan creates may be somebody we hold, and which of those that it changes have another's
 * id. What is likely one of both is taken out of the plan until a person has decided, and so is the deactivation of
 * the record that it would be. Part of planning and repeatable as that is; the cases of an earlier plan go.
 */
export async function findCases(trx: Transaction<Database>, search: CaseSearch): Promise<FoundCases> {
  const { run, planNo, dataType, budgets } = search
  await trx.deleteFrom('duplicateFinds').where('runId', '=', run.id).execute()
  const { bestScores, evidence } = await findCandidates(trx, {
    districtId: run.districtId,
    runId: run.id,
    planNo,
    dataType,
    keepCases: (cases) => insertFinds(trx, run, cases),
  })
  if (bestScores.some((score) => score > 0)) {
    await dropStrangers(trx, search)
    await drawStrengths(trx, run, drawLines([...bestScores], budgets, evidence))
  }
  await insertReusedIds(trx, search)
  await takeOutOfPlan(trx, search)
  return countFinds(trx, run.id)
}

/** What does not reach the lines of the run is no case. */
async function drawStrengths(trx: Transaction<Database>, run: RunRow, lines: StrengthLines): Promise<void> {
  const best = sql`(candidates -> 0 ->> 'score')::float8`
  await sql`delete from duplicate_finds where run_id = ${run.id} and ${best} < ${lines.possible}`.execute(trx)
  await sql`update duplicate_finds set strength = case when ${best} >= ${lines.likely} then 'likely' else 'possible' end
    where run_id = ${run.id}`.execute(trx)
}

async function insertFinds(trx: Transaction<Database>, run: RunRow, cases: readonly FoundCase[]): Promise<void> {
  await sql`
    insert into duplicate_finds (district_id, run_id, seq, reason, candidates)
    select ${run.districtId}::uuid, ${run.id}::uuid, found.seq, 'resembles', found.candidates
    from jsonb_to_recordset(${JSON.stringify(cases)}::jsonb) as found (seq integer, candidates jsonb)`.execute(trx)
}

/** Pairs that a person has told apart are not asked about again. */
async function dropStrangers(trx: Transaction<Database>, { run, dataType }: CaseSearch): Promise<void> {
  const [firstKey] = dataType.matchKeys
  await sql`
    with told as (
      select f.seq, jsonb_agg(c.candidate order by c.number) filter (where k.record_id is null) as candidates
      from duplicate_finds f
      join ${sql.table(dataType.stagedTable)} s on s.run_id = f.run_id and s.seq = f.seq
      cross join lateral jsonb_array_elements(f.candidates) with ordinality as c (candidate, number)
      left join known_strangers k on k.district_id = f.district_id and k.data_type = ${dataType.name}
        and k.incoming_key = s.${sql.ref(columnOf(firstKey))} and k.record_id = (c.candidate ->> 'recordId')::uuid
      where f.run_id = ${run.id}
        and exists (select from known_strangers where district_id = ${run.districtId} and data_type = ${dataType.name})
      group by f.seq
      having count(k.record_id) > 0
    ), gone as (
      delete from duplicate_finds f using told where f.run_id = ${run.id} and f.seq = told.seq and told.candidates is null
    )
    update duplicate_finds f set candidates = told.candidates
    from told where f.run_id = ${run.id} and f.seq = told.seq and told.candidates is not null`.execute(trx)
}

async function insertReusedIds(trx: Transaction<Database>, { run, planNo, dataType }: CaseSearch): Promise<void> {
  for await (const { seq, candidate } of findContradictions(trx, { runId: run.id, planNo, dataType })) {
    await sql`
      insert into duplicate_finds (district_id, run_id, seq, strength, reason, candidates)
      select ${run.districtId}, ${run.id}, ${seq}, 'likely', 'idReused', ${JSON.stringify([candidate])}::jsonb
      where not exists (select from given_matches where run_id = ${run.id} and seq = ${seq})
        and not exists (select from known_strangers k where k.district_id = ${run.districtId}
          and k.data_type = ${dataType.name} and k.record_id = ${candidate.recordId} and k.incoming_key = (
            select s.${sql.ref(columnOf(dataType.matchKeys[0]))} from ${sql.table(dataType.stagedTable)} s
            where s.run_id = ${run.id} and s.seq = ${seq}))
      on conflict do nothing`.execute(trx)
  }
}

async function takeOutOfPlan(trx: Transaction<Database>, { run, planNo, dataType }: CaseSearch): Promise<void> {
  const school = dataType.schoolField === undefined ? 'null::uuid' : `s.${quoteName(columnOf(dataType.schoolField))}`
  await sql`
    insert into plan_rows (district_id, run_id, plan_no, seq, action, school_id, reason)
    select f.district_id, f.run_id, ${planNo}, f.seq, 'skip', ${sql.raw(school)}, ${planReason.duplicate}
    from duplicate_finds f join ${sql.table(dataType.stagedTable)} s on s.run_id = f.run_id and s.seq = f.seq
    where f.run_id = ${run.id} and f.strength = 'likely'
    on conflict (run_id, plan_no, seq) do update
      set action = excluded.action, reason = excluded.reason, record_id = null, revision = null, changes = null`.execute(
    trx,
  )
  // Whoever it may be must not leave while we ask whether it is her.
  await sql`
    delete from plan_rows p using duplicate_finds f
    where p.run_id = ${run.id} and p.plan_no = ${planNo} and p.action = 'deactivate' and p.reason = ${planReason.absent}
      and f.run_id = p.run_id and f.strength = 'likely' and p.record_id = (f.candidates -> 0 ->> 'recordId')::uuid`.execute(
    trx,
  )
}

async function countFinds(trx: Transaction<Database>, runId: string): Promise<FoundCases> {
  const { rows } = await sql<FoundCases>`
    select count(*) filter (where strength = 'likely')::int as likely,
      count(*) filter (where strength = 'possible')::int as possible
    from duplicate_finds where run_id = ${runId}`.execute(trx)
  return rows[0] ?? { likely: 0, possible: 0 }
}

/** Gives the staged rows of a run that come in under an alias the record that it belongs to. Repeatable. */
export async function giveAliases(
  trx: Transaction<Database>,
  { run, dataType }: { readonly run: RunRow; readonly dataType: DataType },
): Promise<void> {
  await trx.deleteFrom('givenMatches').where('runId', '=', run.id).execute()
  const known = await trx
    .selectFrom('recordAliases')
    .select('recordId')
    .where('dataType', '=', dataType.name)
    .limit(1)
    .executeTakeFirst()
  if (known === undefined) return
  const keys = dataType.matchKeys.map((field) => ({ field, column: quoteName(columnOf(field)) }))
  const isHeld = keys.map(({ column }) => `held.${column} = s.${column}`).join(' or ')
  for (const { field, column } of keys) {
    await sql`
      insert into given_matches (district_id, run_id, seq, record_id)
      select s.district_id, s.run_id, s.seq, a.record_id
      from record_aliases a
      join ${sql.table(dataType.stagedTable)} s on s.run_id = ${run.id} and s.${sql.raw(column)} = a.value
      where a.district_id = ${run.districtId} and a.data_type = ${dataType.name} and a.field = ${field}
        and not exists (select from ${sql.table(dataType.table)} held
          where held.district_id = ${run.districtId} and (${sql.raw(isHeld)}))
      on conflict do nothing`.execute(trx)
  }
}
