import { sql, type Transaction } from 'kysely'
import type { AlertFacts } from '../../domain/events/event-facts.ts'
import type { Database } from '../database.ts'
import { toAlertFacts } from '../import/alerts.ts'

export type OverdueAlerts = {
  readonly dataType: string
  /** The newest run that has them; its log shows more. */
  readonly runId: string
  /** Of all open alerts of the data type, so that one mail says all there is to do. */
  readonly alerts: readonly AlertFacts[]
  readonly openDays: number
  /** The ids of the alerts whose reminder this is, with how many reminders each has had then. */
  readonly reminded: readonly { readonly id: string; readonly reminders: number }[]
}

/**
 * Open alerts of a district that are due for a reminder: open for as many days as the next entry of `reminderDays`
 * says. One that was open for long when reminders began, or while nothing ran, is brought to mind once and not once
 * for every day that passed.
 */
export async function listOverdueAlerts(
  trx: Transaction<Database>,
  { districtId, now }: { readonly districtId: string; readonly now: Date },
): Promise<OverdueAlerts[]> {
  const { rows } = await sql<{ dataType: string; runId: string; openDays: number; alerts: OpenAlert[] }>`
    select a.data_type as "dataType",
      (array_agg(a.run_id order by a.run_id desc))[1] as "runId",
      floor(extract(epoch from ${now}::timestamptz - min(a.opened_at)) / 86400)::int as "openDays",
      jsonb_agg(jsonb_build_object('id', a.id, 'kind', a.kind, 'field', a.field, 'count', a.count,
        'newCount', a.new_count, 'heldCount', a.held_count, 'due', due.reminders, 'isDue', due.reminders > a.reminders) order by a.kind, a.field) as alerts
    from alerts a
    left join notification_settings s on s.district_id = a.district_id and s.data_type = a.data_type
    cross join lateral (
      select count(*)::int as reminders from unnest(coalesce(s.reminder_days, '{3,10}')) as days
      where a.opened_at <= ${now}::timestamptz - make_interval(days => days)
    ) due
    where a.district_id = ${districtId} and a.closed_at is null
    group by a.data_type
    having bool_or(due.reminders > a.reminders)
    order by a.data_type
  `.execute(trx)
  return rows.map(({ dataType, runId, openDays, alerts }) => ({
    dataType,
    runId,
    openDays,
    alerts: alerts.map(toAlertFacts),
    reminded: alerts.filter(({ isDue }) => isDue).map(({ id, due }) => ({ id, reminders: due })),
  }))
}

type OpenAlert = Parameters<typeof toAlertFacts>[0] & { id: string; due: number; isDue: boolean }

export async function updateReminders(trx: Transaction<Database>, reminded: OverdueAlerts['reminded']): Promise<void> {
  for (const { id, reminders } of reminded) {
    await trx.updateTable('alerts').set({ reminders }).where('id', '=', id).execute()
  }
}
