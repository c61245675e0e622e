import type { Selectable, Transaction } from 'kysely'
import type { FiringOutcome } from '../../domain/schedule/firing-outcome.ts'
import type { Database } from '../database.ts'
import type { ScheduleFirings } from '../tables/schedules.ts'
import type { ScheduleKey } from './schedules.ts'

export type FiringRow = Selectable<ScheduleFirings>

/** Undefined when that time has been decided about already. */
export function insertFiring(
  trx: Transaction<Database>,
  firing: ScheduleKey & {
    readonly districtId: string
    readonly dueAt: Date | null
    readonly outcome: FiringOutcome
    readonly runId?: string
    readonly setId?: string
    readonly code?: string
    readonly count?: number
    readonly waitsFor?: readonly string[]
  },
): Promise<FiringRow | undefined> {
  return trx
    .insertInto('scheduleFirings')
    .values(firing)
    .onConflict((conflict) => conflict.columns(['connectionId', 'dataType', 'dueAt']).doNothing())
    .returningAll()
    .executeTakeFirst()
}

export function findFiring(
  trx: Transaction<Database>,
  { connectionId, dataType, dueAt }: ScheduleKey & { readonly dueAt: Date },
): Promise<FiringRow | undefined> {
  return selectFirings(trx, { connectionId, dataType }).where('dueAt', '=', dueAt).executeTakeFirst()
}

/** The newest first, those before the firing `beforeId`. */
export function listFirings(
  trx: Transaction<Database>,
  page: ScheduleKey & { readonly beforeId?: string | undefined; readonly limit: number },
): Promise<FiringRow[]> {
  let query = selectFirings(trx, page).orderBy('id', 'desc').limit(page.limit)
  if (page.beforeId !== undefined) query = query.where('id', '<', page.beforeId)
  return query.execute()
}

function selectFirings(trx: Transaction<Database>, { connectionId, dataType }: ScheduleKey) {
  return trx
    .selectFrom('scheduleFirings')
    .selectAll()
    .where('connectionId', '=', connectionId)
    .where('dataType', '=', dataType)
}
