import type { Transaction } from 'kysely'
import type { Database } from '../database.ts'
import type { RunRow } from './runs.ts'
import type { ScheduleKey } from '../schedule/schedules.ts'

const openStates = ['queued', 'validating', 'planned', 'held', 'applying'] as const

/** Runs of the transaction's district that have not ended, the oldest first. */
export function listOpenRuns(trx: Transaction<Database>): Promise<RunRow[]> {
  return trx.selectFrom('importRuns').selectAll().where('state', 'in', openStates).orderBy('id').execute()
}

/**
 * The oldest run that is at work on one of the data types for this connection: a held one is not, for a newer one takes its
 * place, and a test changes nothing.
 */
export function findRunAtWork(
  trx: Transaction<Database>,
  { connectionId, dataTypes }: Pick<ScheduleKey, 'connectionId'> & { readonly dataTypes: readonly string[] },
): Promise<RunRow | undefined> {
  return trx
    .selectFrom('importRuns')
    .selectAll()
    .where('connectionId', '=', connectionId)
    .where('dataType', 'in', dataTypes)
    .where('state', 'in', ['queued', 'validating', 'planned', 'applying'])
    .where('isTest', '=', false)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
}

/** When a run last brought the records in step with its input, or found that they are. */
export async function findLastGoodEnd(
  trx: Transaction<Database>,
  { connectionId, dataType }: ScheduleKey,
): Promise<Date | undefined> {
  const row = await trx
    .selectFrom('importRuns')
    .select((select) => select.fn.max('finishedAt').as('at'))
    .where('connectionId', '=', connectionId)
    .where('dataType', '=', dataType)
    .where('state', 'in', ['completed', 'completedWithAlerts', 'unchanged'])
    .where('isTest', '=', false)
    .executeTakeFirst()
  return row?.at ?? undefined
}
