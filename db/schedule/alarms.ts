import type { Selectable, Transaction } from 'kysely'
import type { AlarmFacts, AlarmKind } from '../../domain/schedule/alarm.ts'
import type { Database } from '../database.ts'
import type { Alarms } from '../tables/schedules.ts'

export type AlarmRow = Selectable<Alarms>

export type AlarmKey = {
  readonly districtId: string
  readonly kind: AlarmKind
  readonly connectionId: string
  readonly dataType: string
  readonly runId: string | null
}

/** Opens an alarm; undefined when it is open already, however often it is found. */
export function openAlarm(
  trx: Transaction<Database>,
  alarm: AlarmKey & { readonly facts: AlarmFacts; readonly openedAt: Date },
): Promise<AlarmRow | undefined> {
  return trx
    .insertInto('alarms')
    .values({ ...alarm, facts: JSON.stringify(alarm.facts) })
    .onConflict((conflict) =>
      conflict
        .columns(['districtId', 'kind', 'connectionId', 'dataType', 'runId'])
        .where('closedAt', 'is', null)
        .doNothing(),
    )
    .returningAll()
    .executeTakeFirst()
}

/** Open alarms of the transaction's district, the oldest first. */
export function listOpenAlarms(
  trx: Transaction<Database>,
  only: { readonly connectionId?: string } = {},
): Promise<AlarmRow[]> {
  let query = trx.selectFrom('alarms').selectAll().where('closedAt', 'is', null).orderBy('openedAt').orderBy('id')
  if (only.connectionId !== undefined) query = query.where('connectionId', '=', only.connectionId)
  return query.execute()
}

export async function closeAlarm(trx: Transaction<Database>, alarmId: string, closedAt: Date): Promise<void> {
  await trx.updateTable('alarms').set({ closedAt }).where('id', '=', alarmId).where('closedAt', 'is', null).execute()
}
