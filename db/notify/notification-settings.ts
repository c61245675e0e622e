import type { Selectable, Transaction } from 'kysely'
import type { Database } from '../database.ts'
import type { NotificationSettings } from '../tables/notifications.ts'

export type NotificationSettingsRow = Selectable<NotificationSettings>

/** Of the data types that were ever set, by name. */
export function listNotificationSettings(
  trx: Transaction<Database>,
  districtId: string,
): Promise<NotificationSettingsRow[]> {
  return trx
    .selectFrom('notificationSettings')
    .selectAll()
    .where('districtId', '=', districtId)
    .orderBy('dataType')
    .execute()
}

export async function upsertNotificationSettings(
  trx: Transaction<Database>,
  settings: {
    readonly districtId: string
    readonly dataType: string
    readonly recipients: readonly string[]
    readonly reminderDays: readonly number[]
  },
): Promise<NotificationSettingsRow> {
  const { districtId, dataType } = settings
  const values = { recipients: [...settings.recipients], reminderDays: [...settings.reminderDays] }
  return trx
    .insertInto('notificationSettings')
    .values({ districtId, dataType, ...values })
    .onConflict((conflict) => conflict.columns(['districtId', 'dataType']).doUpdateSet(values))
    .returningAll()
    .executeTakeFirstOrThrow()
}
