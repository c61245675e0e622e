import { sql, type Transaction } from 'kysely'
import { columnOf, storedFields, type DataType } from '../../domain/data-types/define-data-type.ts'
import type { Database } from '../database.ts'
import { insertAuditEntry } from '../access/audit.ts'
import { getRun, type RunRow } from '../import/runs.ts'
import { quoteLiteral } from '../fields/quote-literal.ts'
import { quoteName } from '../fields/field-sql.ts'
import { describeStaging, insertResolutionRun, type ResolutionRequest } from './open-resolution.ts'
import type { CaseRow } from './decide-cases.ts'

/** `run` is null where nothing but what was remembered had to go. */
export type OpenedUnmerge = { readonly run: RunRow | null } | UnmergeObstacle

/** `isExpired`: the values that it would take are kept no more, and no waiting helps. */
export type UnmergeObstacle = { readonly obstacle: string; readonly isExpired?: true }

/**
 * Takes a processed decision back. Of a feed that was wrong nothing is remembered any more, and the next import asks
 * again. For a match it writes down the run that takes it back: the record gets back what the match changed and nobody changed
 * since, and who came in is a record of their own again, with their ids. Otherwise says why it cannot be.
 */
export async function openUnmerge(
  trx: Transaction<Database>,
  request: ResolutionRequest & { readonly caseId: string },
): Promise<OpenedUnmerge> {
  const { districtId, dataType, by, caseId } = request
  const row = await trx.selectFrom('duplicateCases').selectAll().where('id', '=', caseId).forUpdate().executeTakeFirst()
  const obstacle = whyNot(row) ?? (await whyTogether(trx, caseId))
  if (row === undefined || obstacle !== undefined) return { obstacle: obstacle ?? 'there is no case of this id here' }
  if (row.decision === 'match' && row.keptDays !== null) {
    return { isExpired: true, obstacle: `the row that came in was kept for ${row.keptDays} days and is gone` }
  }
  if (row.decision === 'leave') {
    await trx.deleteFrom('feedMistakes').where('caseId', '=', caseId).execute()
    await trx.updateTable('duplicateCases').set({ state: 'unmerged' }).where('id', '=', caseId).execute()
    await insertAuditEntry(trx, { districtId, actor: by, action: 'unmergeCase', subject: { caseId } })
    return { run: null }
  }
  const run = await insertResolutionRun(trx, request, row.processedRunId ?? row.runId)
  await trx.updateTable('duplicateCases').set({ processingRunId: run.id }).where('id', '=', caseId).execute()
  await stageRestored(trx, run, dataType, row)
  if (row.incomingRecordId === null) await stageIncoming(trx, run, dataType, row)
  else await stageReturned(trx, run, dataType, row)
  await describeStaging(trx, run.id, 1)
  await insertAuditEntry(trx, { districtId, actor: by, action: 'unmergeCase', subject: { caseId, runId: run.id } })
  return { run: await getRun(trx, run.id) }
}

function whyNot(row: CaseRow | undefined): string | undefined {
  if (row === undefined) return 'there is no case of this id here'
  if (row.processingRunId !== null) return 'another run is at this case; try again when it is over'
  if (row.state === 'unmerged') return 'the decision was taken back already'
  if (row.state === 'processed' && row.decision === 'leave') return undefined
  if (row.state !== 'processed' || row.decision !== 'match' || row.decidedRecordId === null) {
    return 'only a match that was carried out, or a row that was left alone, can be taken back'
  }
  return undefined
}

/** What several records were made of together, only the undo of that run takes apart. */
async function whyTogether(trx: Transaction<Database>, caseId: string): Promise<string | undefined> {
  const row = await trx
    .selectFrom('duplicateCases as c')
    .innerJoin('caseMembers as m', 'm.caseId', 'c.id')
    .select('c.processedRunId')
    .where('c.id', '=', caseId)
    .where('c.decision', '=', 'match')
    .limit(1)
    .executeTakeFirst()
  return row === undefined
    ? undefined
    : `several records were decided together; \`rollbook undo ${row.processedRunId ?? ''}\` takes that back`
}

/** The values that the match found, where they belong. */
async function stageRestored(trx: Transaction<Database>, run: RunRow, dataType: DataType, row: CaseRow): Promise<void> {
  const columns = Object.fromEntries(storedFields(dataType).map((field) => [field, columnOf(field)]))
  const staged = sql.table(dataType.stagedTable)
  await insertRow(trx, run, row, { seq: 1, role: 'restored', recordId: row.decidedRecordId })
  await sql`
    insert into ${staged}
    select (jsonb_populate_record(null::${staged}, coalesce((
        select jsonb_object_agg(${JSON.stringify(columns)}::jsonb ->> f.key, f.value -> 0)
        from duplicate_cases c cross join jsonb_each(c.changes) f
        where c.id = ${row.id} and ${JSON.stringify(columns)}::jsonb ? f.key), '{}')
      || jsonb_build_object('district_id', ${run.districtId}::text, 'run_id', ${run.id}::text, 'seq', 1, 'line', 0,
        'kind', 3, 'parts', 3))).*`.execute(trx)
}

async function stageIncoming(trx: Transaction<Database>, run: RunRow, dataType: DataType, row: CaseRow): Promise<void> {
  const staged = sql.table(dataType.stagedTable)
  await insertRow(trx, run, row, { seq: 2, role: 'incoming', recordId: null })
  await sql`
    insert into ${staged}
    select (jsonb_populate_record(null::${staged}, c.incoming
      || jsonb_build_object('run_id', ${run.id}::text, 'seq', 2))).*
    from duplicate_cases c where c.id = ${row.id}`.execute(trx)
}

async function stageReturned(trx: Transaction<Database>, run: RunRow, dataType: DataType, row: CaseRow): Promise<void> {
  await insertRow(trx, run, row, { seq: 2, role: 'returned', recordId: row.incomingRecordId })
  const columns = dataType.matchKeys.map((field) => columnOf(field))
  await sql`
    insert into ${sql.table(dataType.stagedTable)} (district_id, run_id, seq, line, kind, parts,
      ${sql.raw(columns.map(quoteName).join(', '))})
    select c.district_id, ${run.id}::uuid, 2, 0, 3, 3,
      ${sql.raw(columns.map((column) => `c.incoming ->> ${quoteLiteral(column)}`).join(', '))}
    from duplicate_cases c where c.id = ${row.id}`.execute(trx)
}

async function insertRow(
  trx: Transaction<Database>,
  run: RunRow,
  row: CaseRow,
  { seq, role, recordId }: { seq: number; role: 'restored' | 'incoming' | 'returned'; recordId: string | null },
): Promise<void> {
  await trx
    .insertInto('resolutionRows')
    .values({ districtId: run.districtId, runId: run.id, seq, caseId: row.id, role, recordId })
    .execute()
}
