import { sql, type Transaction } from 'kysely'
import { columnOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import type { Database } from '../database.ts'
import { buildNewId } from '../staging/planned-creates.ts'
import type { RunRow } from '../import/runs.ts'
import { quoteLiteral } from '../fields/quote-literal.ts'
import { rememberStrangers } from './open-resolution.ts'

type Settled = { readonly id: string; readonly wasOpen: boolean }

/**
 * Writes down what became of the cases that a resolution was about, after it was applied: a decision is processed and
 * remembered, an unmerge is done. What was skipped stays as it was.
 */
export async function settleResolution(
  trx: Transaction<Database>,
  { run, dataType }: { readonly run: RunRow; readonly dataType: DataType },
): Promise<void> {
  const newId = buildNewId(`${quoteLiteral(run.id)}::uuid`, `${run.planNo}::smallint`, 'rr.seq')
  // All of it is found by the run, and then each side is as large as the other, whatever the planner knows of them.
  await sql`select set_config('enable_nestloop', 'off', true)`.execute(trx)
  const { rows: done } = await sql<Settled>`
    update duplicate_cases c
    set state = case when c.state = 'open' then 'processed' else 'unmerged' end,
      processing_run_id = null, processed_run_id = ${run.id},
      changes = case when c.state = 'open' then p.changes else c.changes end,
      -- Of a case that an undo opened again the row of the decision before is there.
      incoming = case when c.state = 'open' then to_jsonb(s) else coalesce(c.incoming, to_jsonb(s)) end,
      incoming_record_id = coalesce(c.incoming_record_id, case when p.seq is null then ${sql.raw(newId)}
        when c.decision = 'create' then p.record_id end),
      settled_decision = null, settled_record_id = null, settled_by = null, settled_at = null,
      undone_record_id = case when c.undone_record_id is distinct from p.record_id then c.undone_record_id end
    from (
      -- Of several that were decided together the first speaks for all.
      select *, row_number() over (partition by case_id, role order by seq) as place
      from resolution_rows where run_id = ${run.id}
    ) rr
    join ${sql.table(dataType.stagedTable)} s on s.run_id = rr.run_id and s.seq = rr.seq
    left join plan_rows p on p.run_id = rr.run_id and p.plan_no = ${run.planNo} and p.seq = rr.seq
    where c.processing_run_id = ${run.id} and rr.case_id = c.id and rr.place = 1
      and rr.role in ('incoming', 'returned') and p.action is distinct from 'skip'
    returning c.id, c.state = 'processed' as was_open`.execute(trx)
  await sql`select set_config('enable_nestloop', 'on', true)`.execute(trx)
  await freeCases(trx, run.id)
  const ids = (wasOpen: boolean) => done.filter((one) => one.wasOpen === wasOpen).map(({ id }) => id)
  await remember(trx, dataType, ids(true))
  await forgetMatch(trx, ids(false))
}

/** A resolution that ended without being applied leaves its decisions to the next one. */
export async function freeCases(trx: Transaction<Database>, runId: string): Promise<void> {
  await trx.updateTable('duplicateCases').set({ processingRunId: null }).where('processingRunId', '=', runId).execute()
}

/** The old ids of a matched record lead to it from now on; who was told apart stays so. */
async function remember(trx: Transaction<Database>, dataType: DataType, caseIds: readonly string[]): Promise<void> {
  for (const field of dataType.matchKeys) {
    await sql`
      insert into record_aliases (district_id, data_type, field, value, record_id, case_id)
      select c.district_id, c.data_type, ${field}, c.had, c.decided_record_id, c.id
      from (
        -- First, for row-level security would not let ->> near an index (db/undo/free-exchanged-ids.ts).
        select *, changes -> ${field} ->> 0 as had from duplicate_cases
        where id = any (${[...caseIds]}::uuid[]) and decision = 'match'
        offset 0
      ) c
      where c.had is not null
        -- An id that went to somebody else leads there.
        and not exists (select from ${sql.table(dataType.table)} r where r.district_id = c.district_id
          and r.${sql.ref(columnOf(field))} = c.had)
      on conflict (district_id, data_type, field, value) do update
        set record_id = excluded.record_id, case_id = excluded.case_id`.execute(trx)
  }
  const { rows } = await sql<{ id: string }>`
    select id from duplicate_cases where id = any (${[...caseIds]}::uuid[]) and decision = 'create'`.execute(trx)
  await rememberStrangers(
    trx,
    rows.map(({ id }) => id),
  )
}

/** After an unmerge the two are two people, whatever they have in common. */
async function forgetMatch(trx: Transaction<Database>, caseIds: readonly string[]): Promise<void> {
  if (caseIds.length === 0) return
  await trx
    .deleteFrom('recordAliases')
    .where('caseId', 'in', [...caseIds])
    .execute()
  await sql`
    insert into known_strangers (district_id, data_type, incoming_key, record_id, case_id)
    select district_id, data_type, incoming_key, decided_record_id, id
    from duplicate_cases where id = any (${[...caseIds]}::uuid[])
    on conflict do nothing`.execute(trx)
}

/**
 * Brings the cases in step with an undo, or with the undo of one: what a resolution decided is asked again, or holds
 * again; what an undone import came upon is closed, for the next import asks afresh. `isUndone`: whether the import or
 * resolution at the beginning of the chain is taken back now.
 */
export async function followUndo(
  trx: Transaction<Database>,
  { root, isUndone, dataType }: { readonly root: RunRow; readonly isUndone: boolean; readonly dataType: DataType },
): Promise<void> {
  if (root.isResolution) return isUndone ? reopenCases(trx, root, dataType) : settleAgain(trx, root, dataType)
  if (!isUndone) return
  await trx
    .updateTable('duplicateCases')
    .set({ state: 'closed', closedReason: 'undone', decision: null, decidedRecordId: null })
    .where('runId', '=', root.id)
    .where('state', '=', 'open')
    .where('processingRunId', 'is', null)
    .execute()
}

const wasUnmerge = sql`(c.state = 'unmerged')`

/**
 * The cases are open and undecided as they were before anybody decided: what stays decided would be carried out with the
 * next decision about somebody else. An undone unmerge is the match again.
 */
async function reopenCases(trx: Transaction<Database>, root: RunRow, dataType: DataType): Promise<void> {
  const { rows } = await sql<{ id: string; wasMatch: boolean }>`
    update duplicate_cases c
    set state = case when ${wasUnmerge} then 'processed' when exists (
        select from duplicate_cases other where other.state = 'open' and other.district_id = c.district_id
          and other.data_type = c.data_type and other.connection_id = c.connection_id
          and other.incoming_key = c.incoming_key) then 'closed' else 'open' end,
      settled_decision = case when not ${wasUnmerge} then c.decision end,
      settled_record_id = case when not ${wasUnmerge} then c.decided_record_id end,
      settled_by = case when not ${wasUnmerge} then c.decided_by end,
      settled_at = case when not ${wasUnmerge} then c.decided_at end,
      decision = case when ${wasUnmerge} then c.decision end,
      decided_record_id = case when ${wasUnmerge} then c.decided_record_id end,
      decided_by = case when ${wasUnmerge} then c.decided_by end,
      decided_at = case when ${wasUnmerge} then c.decided_at end,
      undone_record_id = case when ${wasUnmerge} or c.decision = 'create' then c.incoming_record_id
        else c.undone_record_id end,
      incoming_record_id = case when ${wasUnmerge} or c.decision <> 'create' then c.incoming_record_id end
    where c.processed_run_id = ${root.id} and c.state in ('processed', 'unmerged')
    returning c.id, c.state = 'processed' as was_match`.execute(trx)
  const ids = rows.map(({ id }) => id)
  if (ids.length === 0) return
  await trx.deleteFrom('recordAliases').where('caseId', 'in', ids).execute()
  await trx.deleteFrom('knownStrangers').where('caseId', 'in', ids).execute()
  const unmerged = rows.filter(({ wasMatch }) => wasMatch).map(({ id }) => id)
  await sql`
    insert into record_aliases (district_id, data_type, field, value, record_id, case_id)
    select c.district_id, c.data_type, f.key, f.value ->> 0, c.decided_record_id, c.id
    from duplicate_cases c cross join jsonb_each(c.changes) f
    where c.id = any (${unmerged}::uuid[]) and f.key = any (${[...dataType.matchKeys]}::text[]) and f.value ->> 0 is not null
    on conflict do nothing`.execute(trx)
}

/** As the run left them. A case that somebody decided anew since keeps that: findDecidedAnew refuses before it comes to this. */
async function settleAgain(trx: Transaction<Database>, root: RunRow, dataType: DataType): Promise<void> {
  const { rows } = await sql<Settled>`
    update duplicate_cases c
    set state = case when exists (select from resolution_rows rr where rr.run_id = ${root.id} and rr.case_id = c.id
        and rr.role in ('restored', 'returned')) then 'unmerged' else 'processed' end,
      closed_reason = null,
      decision = coalesce(c.settled_decision, c.decision),
      decided_record_id = case when c.settled_decision is null then c.decided_record_id else c.settled_record_id end,
      decided_by = coalesce(c.settled_by, c.decided_by), decided_at = coalesce(c.settled_at, c.decided_at),
      incoming_record_id = case when c.settled_decision = 'create' then c.undone_record_id else c.incoming_record_id end,
      undone_record_id = null,
      settled_decision = null, settled_record_id = null, settled_by = null, settled_at = null
    where c.processed_run_id = ${root.id}
      and case when c.settled_decision is null then c.state = 'processed'
        else c.state in ('open', 'closed') and c.decision is null end
    returning c.id, c.state = 'processed' as was_open`.execute(trx)
  await remember(
    trx,
    dataType,
    rows.filter(({ wasOpen }) => wasOpen).map(({ id }) => id),
  )
  await forgetMatch(
    trx,
    rows.filter(({ wasOpen }) => !wasOpen).map(({ id }) => id),
  )
}
