import { sql, type RawBuilder, type Transaction } from 'kysely'
import { columnOf, type DataType } from '../../domain/data-types/define-data-type.ts'
import type { Database } from '../database.ts'
import { countOutgrown } from '../engine/count-outgrown.ts'
import { insertAuditEntry } from '../access/audit.ts'
import { decidedKey } from './decide-cases.ts'
import { getRun, insertRun, type RunRow } from '../import/runs.ts'
import { refreshCaseAlert } from './refresh-case-alert.ts'
import { quoteName } from '../fields/field-sql.ts'

export type ResolutionRequest = {
  readonly districtId: string
  readonly dataType: DataType
  readonly by: string
  /** The id of a new run, and of its workflow. */
  readonly newRun: () => { readonly id: string; readonly workflowId: string }
}

export type OpenedResolution = {
  /** Runs that carry the decisions out, one for each source and mapping; start their workflows. */
  readonly runs: readonly RunRow[]
  /** Cases whose decision is, or will be, carried out. */
  readonly caseCount: number
}

/**
 * The one door by which decisions are carried out, from wherever somebody asks for it: writes the runs down that do so
 * with what was decided and not carried out yet. What needs no change of a record is processed at once, and the alerts
 * tell of it no more. Asked twice, the second time there is nothing left to do.
 */
export async function openResolution(
  trx: Transaction<Database>,
  request: ResolutionRequest,
): Promise<OpenedResolution> {
  const opened = await openDecided(trx, request)
  await refreshCaseAlert(trx, { districtId: request.districtId, dataType: request.dataType.name })
  return opened
}

async function openDecided(trx: Transaction<Database>, request: ResolutionRequest): Promise<OpenedResolution> {
  const { districtId, dataType, by } = request
  const { rows: decided } = await sql<{ id: string; runId: string }>`
    select id, run_id from duplicate_cases
    where district_id = ${districtId} and data_type = ${dataType.name} and state = 'open'
      and decision is not null and processing_run_id is null
    order by id for update`.execute(trx)
  if (decided.length === 0) return { runs: [], caseCount: 0 }
  // Nobody may have counted them since they were written, and each case is joined with its staged row and record.
  await countOutgrown(trx, ['duplicate_cases', 'case_members', dataType.stagedTable, dataType.table])
  const kept = await processKept(trx, request)
  const runs: RunRow[] = []
  let caseCount = kept
  for (const source of await listSources(trx, request)) {
    const run = await insertResolutionRun(trx, request, source.runId)
    await claimCases(trx, run, dataType, source)
    const staged = await stageCases(trx, run, dataType)
    await describeStaging(trx, run.id, staged.rows)
    caseCount += staged.cases
    runs.push(await getRun(trx, run.id))
  }
  await insertAuditEntry(trx, {
    districtId,
    actor: by,
    action: 'processCases',
    subject: { runIds: runs.map(({ id }) => id), count: caseCount },
  })
  return { runs, caseCount }
}

/**
 * A record that was created and is to stay one of its own needs nothing but that the pair is remembered; nor does one
 * of which the feed is wrong.
 */
async function processKept(
  trx: Transaction<Database>,
  { districtId, dataType }: Pick<ResolutionRequest, 'districtId' | 'dataType'>,
): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    update duplicate_cases set state = 'processed'
    where district_id = ${districtId} and data_type = ${dataType.name} and state = 'open' and decision = 'create'
      and incoming_record_id is not null and processing_run_id is null
    returning id`.execute(trx)
  await rememberStrangers(
    trx,
    rows.map(({ id }) => id),
  )
  return rows.length + (await rememberMistakes(trx, { districtId, dataType }))
}

/** Of rows that bear these very ids nobody is asked again, and none of their values is taken. */
async function rememberMistakes(
  trx: Transaction<Database>,
  { districtId, dataType }: Pick<ResolutionRequest, 'districtId' | 'dataType'>,
): Promise<number> {
  const [first, second] = dataType.matchKeys.map((field) => `coalesce(s.${quoteName(columnOf(field))}, '')`)
  const { rows } = await sql<{ count: number }>`
    with left_alone as (
      update duplicate_cases set state = 'processed'
      where district_id = ${districtId} and data_type = ${dataType.name} and state = 'open' and decision = 'leave'
        and processing_run_id is null
      returning id, run_id, seq
    ), rows as (
      select id, run_id, seq from left_alone
      union all select m.case_id, m.run_id, m.seq from left_alone join case_members m on m.case_id = left_alone.id
    ), remembered as (
      insert into feed_mistakes (district_id, data_type, first_key, second_key, case_id)
      select s.district_id, ${dataType.name}, ${sql.raw(first ?? `''`)}, ${sql.raw(second ?? `''`)}, rows.id
      from rows join ${sql.table(dataType.stagedTable)} s on s.run_id = rows.run_id and s.seq = rows.seq
      on conflict do nothing
    )
    select count(*)::int as count from left_alone`.execute(trx)
  return rows[0]?.count ?? 0
}

/** Whoever was told apart from every candidate is not asked about again with them. */
export async function rememberStrangers(trx: Transaction<Database>, caseIds: readonly string[]): Promise<void> {
  await sql`
    insert into known_strangers (district_id, data_type, incoming_key, record_id, case_id)
    select c.district_id, c.data_type, c.incoming_key, (candidate ->> 'recordId')::uuid, c.id
    from duplicate_cases c cross join jsonb_array_elements(c.candidates) candidate
    where c.id = any (${[...caseIds]}::uuid[])
    on conflict do nothing`.execute(trx)
}

type Source = { readonly connectionId: string; readonly mappingFingerprint: string; readonly runId: string }

/** Rows that were read by one mapping go together; `runId` is the newest run that did. */
async function listSources(
  trx: Transaction<Database>,
  { districtId, dataType }: Pick<ResolutionRequest, 'districtId' | 'dataType'>,
): Promise<Source[]> {
  const { rows } = await sql<Source>`
    select run.connection_id, run.mapping_fingerprint, (array_agg(run.id order by run.created_at desc))[1] as run_id
    from duplicate_cases c join import_runs run on run.id = c.run_id
    where c.district_id = ${districtId} and c.data_type = ${dataType.name} and c.state = 'open'
      and c.decision is not null and c.processing_run_id is null
    group by 1, 2 order by 3`.execute(trx)
  return rows
}

/** A run that reads nothing: its few rows are staged already, and a person has looked at each. */
export async function insertResolutionRun(
  trx: Transaction<Database>,
  { districtId, dataType, by, newRun }: ResolutionRequest,
  likeRunId: string,
): Promise<RunRow> {
  const like = await getRun(trx, likeRunId)
  const run = await insertRun(trx, {
    ...newRun(),
    districtId,
    connectionId: like.connectionId,
    dataType: dataType.name,
    isTest: false,
    approveHold: true,
    isResolution: true,
    inputFileId: null,
    inputSha256: null,
    inputBytes: null,
    rerunOf: null,
    requestedBy: by,
  })
  await trx
    .updateTable('importRuns')
    .set({ mappingVersionId: like.mappingVersionId, mappingFingerprint: like.mappingFingerprint })
    .where('id', '=', run.id)
    .execute()
  return run
}

export async function describeStaging(trx: Transaction<Database>, runId: string, rowsRead: number): Promise<void> {
  const staging = { isComplete: false, isDelta: true, rowsRead, rejectedCount: 0, comparedDigests: false }
  await trx
    .updateTable('importRuns')
    .set({ staging: JSON.stringify(staging) })
    .where('id', '=', runId)
    .execute()
}

/** Resolutions whose workflow is not known to have begun. */
export function listQueuedResolutions(
  trx: Transaction<Database>,
  { districtId, dataType }: { readonly districtId: string; readonly dataType: string },
): Promise<RunRow[]> {
  return trx
    .selectFrom('importRuns')
    .selectAll()
    .where('districtId', '=', districtId)
    .where('dataType', '=', dataType)
    .where('isResolution', '=', true)
    .where('state', '=', 'queued')
    .orderBy('createdAt')
    .execute()
}

async function claimCases(
  trx: Transaction<Database>,
  run: RunRow,
  dataType: DataType,
  { connectionId, mappingFingerprint }: Source,
): Promise<void> {
  await sql`
    update duplicate_cases c set processing_run_id = ${run.id}
    from import_runs seen
    where c.district_id = ${run.districtId} and c.data_type = ${dataType.name} and c.state = 'open'
      and c.decision is not null and c.processing_run_id is null
      and seen.id = c.run_id and seen.connection_id = ${connectionId}
      and seen.mapping_fingerprint = ${mappingFingerprint}
      and exists (select from ${sql.table(dataType.stagedTable)} s where s.run_id = c.run_id and s.seq = c.seq)`.execute(
    trx,
  )
}

/**
 * Copies the staged rows of each case, without their digests: the next import compares them whole once more. A record
 * that has an incoming one's id and is another gets a row with the id it shall have from now on. Returns how many cases
 * there are, and rows.
 */
async function stageCases(
  trx: Transaction<Database>,
  run: RunRow,
  dataType: DataType,
): Promise<{ readonly cases: number; readonly rows: number }> {
  const staged = sql.table(dataType.stagedTable)
  const { rows: counted } = await sql<{ cases: number; rows: number }>`
    with incoming as (
      select c.id, c.run_id, c.seq, coalesce(c.decided_record_id, ${selectMadeBefore(dataType)}) as record_id, 0 as place
      from duplicate_cases c where c.processing_run_id = ${run.id}
      union all
      select c.id, m.run_id, m.seq, (
          select (candidate ->> 'recordId')::uuid from jsonb_array_elements(m.candidates) candidate
          where candidate ->> 'byKey' = ${decidedKey}), m.seq
      from duplicate_cases c join case_members m on m.case_id = c.id where c.processing_run_id = ${run.id}
    ), numbered as (
      -- The row that the case is named for comes first: what became of it became of the case.
      select *, row_number() over (order by id, place) as new_seq from incoming
    ), roles as (
      insert into resolution_rows (district_id, run_id, seq, case_id, role, record_id)
      select ${run.districtId}::uuid, ${run.id}::uuid, new_seq, id, 'incoming', record_id from numbered
    ), copied as (
      insert into ${staged}
      select (jsonb_populate_record(null::${staged}, to_jsonb(s) || jsonb_build_object('run_id', ${run.id}::text,
        'seq', n.new_seq, 'primary_digest', null, 'supplement_digest', null, 'gathered_digest', null))).*
      from numbered n join ${staged} s on s.run_id = n.run_id and s.seq = n.seq
    )
    select count(distinct id)::int as cases, count(*)::int as rows from numbered`.execute(trx)
  const count = counted[0] ?? { cases: 0, rows: 0 }
  await sql`
    insert into resolution_rows (district_id, run_id, seq, case_id, role, record_id)
    select ${run.districtId}::uuid, ${run.id}::uuid, ${count.rows} + row_number() over (order by record_id),
      min(id::text)::uuid, 'yields', record_id
    from (
      select id, incoming_record_id as record_id
      from duplicate_cases where processing_run_id = ${run.id} and reason = 'resembles' and decision = 'match'
      union
      select id, undone_record_id from duplicate_cases where processing_run_id = ${run.id}
      union
      -- Whoever was held to have these ids, and does not keep them.
      select c.id, (candidate ->> 'recordId')::uuid
      from duplicate_cases c left join case_members m on m.case_id = c.id
      cross join lateral jsonb_array_elements(c.candidates || coalesce(m.candidates, '[]')) candidate
      where c.processing_run_id = ${run.id} and c.reason <> 'resembles'
    ) yielding
    -- Who takes another id by a match of its own gives this one up with that.
    where record_id is not null and not exists (
      select from resolution_rows own where own.run_id = ${run.id} and own.record_id = yielding.record_id)
    group by record_id`.execute(trx)
  await stageYielded(trx, run, dataType)
  return count
}

/**
 * Of a case `c` that is decided as a record of its own: the one that such a decision had made, where that was undone and
 * nobody touched what it is called since. Only for the same names and birth date: a source may give an id to the next
 * pupil, and two people in one record are worse than a record too many.
 */
function selectMadeBefore(dataType: DataType): RawBuilder<unknown> {
  const { matching } = dataType
  const key = sql.ref(columnOf(dataType.matchKeys[0]))
  const isSame = [matching?.givenName, matching?.familyName, matching?.birthDate].flatMap((field) => {
    if (field === undefined) return []
    const column = sql.ref(columnOf(field))
    return [sql`s.${column} is not distinct from r.${column}`]
  })
  if (isSame.length === 0) return sql`null::uuid`
  return sql`(
        select r.id from ${sql.table(dataType.table)} r
        join ${sql.table(dataType.stagedTable)} s on s.run_id = c.run_id and s.seq = c.seq
        where r.id = c.undone_record_id and c.decision = 'create' and r.status = 'inactive'
          and r.${key} in (s.${key}, s.${key} || '~' || r.id) and ${sql.join(isSame, sql` and `)})`
}

async function stageYielded(trx: Transaction<Database>, run: RunRow, dataType: DataType): Promise<void> {
  const key = quoteName(columnOf(dataType.matchKeys[0]))
  await sql`
    insert into ${sql.table(dataType.stagedTable)} (district_id, run_id, seq, line, kind, parts, ${sql.raw(key)})
    select rr.district_id, rr.run_id, rr.seq, 0, 3, 3, r.${sql.raw(key)} || '~' || r.id
    from resolution_rows rr join ${sql.table(dataType.table)} r on r.id = rr.record_id
    where rr.run_id = ${run.id} and rr.role = 'yields'`.execute(trx)
}
