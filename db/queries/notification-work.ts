import { sql, type Transaction } from 'kysely'
import type { Database } from '../database.ts'

/** Whether a district has events to route or deliveries to start. One cheap look, for most sweeps find nothing. */
export async function hasNotificationWork(trx: Transaction<Database>, districtId: string): Promise<boolean> {
  const { rows } = await sql<{ hasWork: boolean }>`
    select exists (select from events where district_id = ${districtId} and routed_at is null)
      or exists (
        select from deliveries where district_id = ${districtId} and state in ('pending', 'claimed', 'sending')
      ) as "hasWork"
  `.execute(trx)
  return rows[0]?.hasWork === true
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
