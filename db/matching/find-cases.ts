import { sql, type Transaction } from 'kysely'
import { columnOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import { drawLines, type QuestionBudgets, type StrengthLines } from '../../domain/matching/draw-lines.ts'
import type { Database } from '../database.ts'
import { findCandidates } from './find-candidates.ts'
import { planReason } from '../staging/plan-reason.ts'
import type { RunRow } from '../import/runs.ts'
import { quoteName } from '../fields/field-sql.ts'
import { insertFinds, takeOutOfPlan } from './take-out-of-plan.ts'

export type CaseSearch = {
  readonly run: RunRow
  readonly planNo: number
  readonly dataType: DataType
  readonly budgets: QuestionBudgets
}

/** How many rows of a plan are asked about, by strength; identity conflicts are likely ones. */
export type FoundCases = { readonly likely: number; readonly possible: number }

/**
 * Looks who of those that a plan creates may be somebody we hold. What is likely is taken out of the plan until a person
 * has decided, and so is the deactivation of the record that it would be. Part of planning, after
 * findIdentityConflicts, which clears what an earlier plan came upon.
 */
export async function findCases(trx: Transaction<Database>, search: CaseSearch): Promise<FoundCases> {
  const { run, planNo, dataType, budgets } = search
  const { bestScores, evidence } = await findCandidates(trx, {
    districtId: run.districtId,
    runId: run.id,
    planNo,
    dataType,
    keepCases: (cases) =>
      insertFinds(
        trx,
        run,
        'resembles',
        cases.map((found) => ({ ...found, leadSeq: null })),
      ),
  })
  if (bestScores.some((score) => score > 0)) {
    await dropStrangers(trx, search)
    await drawStrengths(trx, run, drawLines([...bestScores], budgets, evidence))
  }
  await takeOutOfPlan(trx, search, planReason.duplicate)
  return countFinds(trx, run.id)
}

/** What does not reach the lines of the run is no case. */
async function drawStrengths(trx: Transaction<Database>, run: RunRow, lines: StrengthLines): Promise<void> {
  const best = sql`(candidates -> 0 ->> 'score')::float8`
  await sql`delete from duplicate_finds
    where run_id = ${run.id} and reason = 'resembles' and ${best} < ${lines.possible}`.execute(trx)
  await sql`update duplicate_finds set strength = case when ${best} >= ${lines.likely} then 'likely' else 'possible' end
    where run_id = ${run.id} and reason = 'resembles'`.execute(trx)
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
      where f.run_id = ${run.id} and f.reason = 'resembles'
        and exists (select from known_strangers where district_id = ${run.districtId} and data_type = ${dataType.name})
      group by f.seq
      having count(k.record_id) > 0
    ), gone as (
      delete from duplicate_finds f using told where f.run_id = ${run.id} and f.seq = told.seq and told.candidates is null
    )
    update duplicate_finds f set candidates = told.candidates
    from told where f.run_id = ${run.id} and f.seq = told.seq and told.candidates is not null`.execute(trx)
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
