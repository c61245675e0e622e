import type { Selectable, Transaction } from 'kysely'
import { allDataTypes } from '../../domain/data-types/registry.ts'
import type { Database } from '../database.ts'
import type { FetchedInputs } from '../tables/schedules.ts'
import type { ScheduleKey } from './schedules.ts'

export type FetchedInputRow = Selectable<FetchedInputs>

/** The input that was fetched last, if it is still kept. */
export function findFetchedInput(
  trx: Transaction<Database>,
  { connectionId, dataType }: ScheduleKey,
): Promise<FetchedInputRow | undefined> {
  return trx
    .selectFrom('fetchedInputs as i')
    .innerJoin('archivedFiles as f', 'f.id', 'i.fileId')
    .selectAll('i')
    .where('i.connectionId', '=', connectionId)
    .where('i.dataType', '=', dataType)
    .where('f.isComplete', '=', true)
    .executeTakeFirst()
}

/** When something new was fetched last, be it no longer kept; for `all`, for whatever data type. */
export async function findLastFetch(
  trx: Transaction<Database>,
  { connectionId, dataType }: ScheduleKey,
): Promise<Date | undefined> {
  const ofConnection = trx
    .selectFrom('fetchedInputs')
    .select((select) => select.fn.max('fetchedAt').as('at'))
    .where('connectionId', '=', connectionId)
  // A source of pages is read by each data type for itself.
  const ofType = dataType === allDataTypes ? ofConnection : ofConnection.where('dataType', '=', dataType)
  return (await ofType.executeTakeFirst())?.at ?? undefined
}

export async function upsertFetchedInput(
  trx: Transaction<Database>,
  input: Omit<FetchedInputRow, 'fetchedAt'> & { readonly fetchedAt: Date },
): Promise<void> {
  const { districtId: _district, connectionId: _connection, dataType: _dataType, ...facts } = input
  await trx
    .insertInto('fetchedInputs')
    .values(input)
    .onConflict((conflict) => conflict.columns(['connectionId', 'dataType']).doUpdateSet(facts))
    .execute()
}
