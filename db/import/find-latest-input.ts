import type { Transaction } from 'kysely'
import { allDataTypes } from '../../domain/data-types/registry.ts'
import type { Database } from '../database.ts'

export type ArchivedInput = { readonly fileId: string; readonly sha256: string; readonly bytes: number }

/** The newest archived input that a connection was given for a data type; for `all`, whatever it was given it for. */
export function findLatestInput(
  trx: Transaction<Database>,
  key: { readonly connectionId: string; readonly dataType: string },
): Promise<ArchivedInput | undefined> {
  const ofConnection = selectInputs(trx).where('r.connectionId', '=', key.connectionId)
  const ofType = key.dataType === allDataTypes ? ofConnection : ofConnection.where('r.dataType', '=', key.dataType)
  return ofType.orderBy('r.createdAt', 'desc').limit(1).executeTakeFirst()
}

/** The archived input of a run; undefined when it had none, or it is no longer kept. */
export function findInputOfRun(trx: Transaction<Database>, runId: string): Promise<ArchivedInput | undefined> {
  return selectInputs(trx).where('r.id', '=', runId).executeTakeFirst()
}

function selectInputs(trx: Transaction<Database>) {
  return trx
    .selectFrom('importRuns as r')
    .innerJoin('archivedFiles as f', 'f.id', 'r.inputFileId')
    .where('f.isComplete', '=', true)
    .select(['f.id as fileId', 'f.bytes'])
    .select((select) => select.ref('f.sha256').$notNull().as('sha256'))
}
