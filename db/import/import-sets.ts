import type { Insertable, Selectable, Transaction } from 'kysely'
import type { Database } from '../database.ts'
import type { ImportSetRuns, ImportSets } from '../tables/import-sets.ts'

export type ImportSetRow = Selectable<ImportSets>
export type ImportSetRunRow = Selectable<ImportSetRuns>

/** The same id a second time gives the set that is there: a request may be repeated. */
export async function insertImportSet(
  trx: Transaction<Database>,
  set: Omit<Insertable<ImportSets>, 'createdAt' | 'finishedAt'>,
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
