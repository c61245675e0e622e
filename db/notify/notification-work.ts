import { sql, type Transaction } from 'kysely'
import type { Database } from '../database.ts'

export type NotificationWork = {
  /** Events to route, or deliveries that are not over. */
  readonly hasOpen: boolean
  /** Alerts that are open for a day and more; whether one is due is for listOverdueAlerts to say. */
  readonly hasOldAlerts: boolean
  /** Events that are older than they are kept. */
  readonly hasOldEvents: boolean
}

/** What there is to do in a district, in one cheap look: most sweeps find nothing in most districts. */
export async function findNotificationWork(
  trx: Transaction<Database>,
  { districtId, now, keepDays }: { readonly districtId: string; readonly now: Date; readonly keepDays: number },
): Promise<NotificationWork> {
  const { rows } = await sql<NotificationWork>`
    select exists (select from events where district_id = ${districtId} and routed_at is null)
        or exists (
          select from deliveries where district_id = ${districtId} and state in ('pending', 'claimed', 'sending')
        ) as "hasOpen",
      exists (
        select from alerts where district_id = ${districtId} and closed_at is null
          and opened_at <= ${now}::timestamptz - interval '1 day'
      ) as "hasOldAlerts",
      exists (
        select from events where district_id = ${districtId} and id < uuidv7(make_interval(days => ${-keepDays}))
      ) as "hasOldEvents"
  `.execute(trx)
  return rows[0] ?? { hasOpen: false, hasOldAlerts: false, hasOldEvents: false }
}

/** Forgets events, with their deliveries, that are older than so many days; a thousand at a time. Gives how many. */
export async function deleteOldEvents(
  trx: Transaction<Database>,
  { districtId, keepDays }: { readonly districtId: string; readonly keepDays: number },
): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    delete from events where id in (
      select id from events
      where district_id = ${districtId} and id < uuidv7(make_interval(days => ${-keepDays}))
      order by id limit 1000
    )
  `.execute(trx)
  return Number(numAffectedRows)
}
