import { sql, type Insertable, type Selectable, type Transaction, type Updateable } from 'kysely'
import { allDataTypes } from '../../domain/data-types/registry.ts'
import type { Database } from '../database.ts'
import type { ImportSetRuns, ImportSets } from '../tables/import-sets.ts'
import type { RunRow } from './runs.ts'

export type ImportSetRow = Selectable<ImportSets>
export type ImportSetRunRow = Selectable<ImportSetRuns>

/** The same id a second time gives the set that is there: a request may be repeated. */
export async function insertImportSet(
  trx: Transaction<Database>,
  set: Omit<Insertable<ImportSets>, 'createdAt' | 'finishedAt' | 'look'>,
): Promise<ImportSetRow> {
  await trx
    .insertInto('importSets')
    .values(set)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
  return getImportSet(trx, set.id)
}

export function findImportSet(trx: Transaction<Database>, setId: string): Promise<ImportSetRow | undefined> {
  return trx.selectFrom('importSets').selectAll().where('id', '=', setId).executeTakeFirst()
}

/** Throws when the set is not there, or belongs to another district than the transaction's. */
export async function getImportSet(trx: Transaction<Database>, setId: string): Promise<ImportSetRow> {
  const set = await findImportSet(trx, setId)
  if (set === undefined) throw new Error(`there is no import set ${setId} in this district`)
  return set
}

/** Sets of the transaction's district that were written down before this time and are not over, the oldest first. */
export function listOpenImportSets(trx: Transaction<Database>, before: Date): Promise<ImportSetRow[]> {
  return trx
    .selectFrom('importSets')
    .selectAll()
    .where('finishedAt', 'is', null)
    .where('createdAt', '<', before)
    .orderBy('createdAt')
    .limit(100)
    .execute()
}

/**
 * The oldest set of the connection that is not over; with a data type, one in which the turn of that has not come. A test
 * changes nothing and is in nobody's way.
 */
export function findImportSetAtWork(
  trx: Transaction<Database>,
  { connectionId, dataType }: { readonly connectionId: string; readonly dataType: string },
): Promise<ImportSetRow | undefined> {
  const query = trx
    .selectFrom('importSets as s')
    .selectAll('s')
    .where('connectionId', '=', connectionId)
    .where('finishedAt', 'is', null)
    .where('isTest', '=', false)
    .orderBy('createdAt')
    .limit(1)
  if (dataType === allDataTypes) return query.executeTakeFirst()
  // Before a set is opened nobody knows what it will run.
  const isToCome = sql<boolean>`coalesce((select bool_or(m.data_type = ${dataType} and m.run_id is null and m.reason is null)
    from import_set_runs m where m.set_id = s.id), true)`
  return query.where(isToCome).executeTakeFirst()
}

/** When the last set of a connection ended of which every run that began brought the records in step. */
export async function findLastGoodSetEnd(trx: Transaction<Database>, connectionId: string): Promise<Date | undefined> {
  const { rows } = await sql<{ endedAt: Date }>`
    select max(run.finished_at) as ended_at
    from import_sets s join import_set_runs m on m.set_id = s.id join import_runs run on run.id = m.run_id
    where s.connection_id = ${connectionId} and s.finished_at is not null and not s.is_test
    group by s.id
    having bool_and(run.state in ('completed', 'completedWithAlerts', 'unchanged'))
    order by 1 desc limit 1`.execute(trx)
  return rows[0]?.endedAt
}

/** What was fetched for the set, or seen at the source while nothing was. */
export async function updateImportSet(
  trx: Transaction<Database>,
  setId: string,
  change: { readonly look: unknown } | Pick<Updateable<ImportSets>, 'inputFileId' | 'inputSha256' | 'inputBytes'>,
): Promise<void> {
  const values = 'look' in change ? { look: JSON.stringify(change.look) } : change
  await trx.updateTable('importSets').set(values).where('id', '=', setId).execute()
}

export async function finishImportSet(trx: Transaction<Database>, setId: string, finishedAt: Date): Promise<void> {
  await trx
    .updateTable('importSets')
    .set({ finishedAt })
    .where('id', '=', setId)
    .where('finishedAt', 'is', null)
    .execute()
}

/** In the order in which they run. */
export function listImportSetRuns(trx: Transaction<Database>, setId: string): Promise<ImportSetRunRow[]> {
  return trx.selectFrom('importSetRuns').selectAll().where('setId', '=', setId).orderBy('place').execute()
}

/** The runs of a set that have begun, by their ids. */
export async function readRunsOfSet(trx: Transaction<Database>, setId: string): Promise<ReadonlyMap<string, RunRow>> {
  const runs = await trx
    .selectFrom('importSetRuns as m')
    .innerJoin('importRuns as r', 'r.id', 'm.runId')
    .selectAll('r')
    .where('m.setId', '=', setId)
    .execute()
  return new Map(runs.map((run) => [run.id, run]))
}

/** What is there stays: the plan of a set is made once. */
export async function insertImportSetRuns(
  trx: Transaction<Database>,
  runs: readonly Insertable<ImportSetRuns>[],
): Promise<void> {
  if (runs.length === 0) return
  await trx
    .insertInto('importSetRuns')
    .values([...runs])
    .onConflict((conflict) => conflict.columns(['setId', 'place']).doNothing())
    .execute()
}

/** The run of a data type, held against everybody else until the transaction ends. */
export async function lockImportSetRun(
  trx: Transaction<Database>,
  { setId, dataType }: { readonly setId: string; readonly dataType: string },
): Promise<ImportSetRunRow> {
  return trx
    .selectFrom('importSetRuns')
    .selectAll()
    .where('setId', '=', setId)
    .where('dataType', '=', dataType)
    .forUpdate()
    .executeTakeFirstOrThrow()
}

export async function updateImportSetRun(
  trx: Transaction<Database>,
  { setId, place }: Pick<ImportSetRunRow, 'setId' | 'place'>,
  change: { readonly runId: string } | { readonly reason: string },
): Promise<void> {
  await trx.updateTable('importSetRuns').set(change).where('setId', '=', setId).where('place', '=', place).execute()
}
