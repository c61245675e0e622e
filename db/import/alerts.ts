import { sql, type Selectable, type Transaction } from 'kysely'
import type { AlertFacts } from '../../domain/events/event-facts.ts'
import type { Database } from '../database.ts'
import type { AlertKind, Alerts } from '../tables/findings.ts'

export type AlertRow = Selectable<Alerts>
export type NewAlert = {
  readonly kind: AlertKind
  readonly field: string
  readonly code: string | null
  readonly count: number
  /** Of `notImported` alone: how many are nobody we hold, and how many we hold. */
  readonly newCount?: number | null
  readonly heldCount?: number | null
}

/**
 * Makes `alerts` the open ones of the data type: the run adopts those that are open already, opens new ones, and
 * closes those that its input no longer shows. Safe to run twice.
 */
export async function replaceAlerts(
  trx: Transaction<Database>,
  {
    districtId,
    dataType,
    runId,
    alerts,
  }: {
    readonly districtId: string
    readonly dataType: string
    readonly runId: string
    readonly alerts: readonly NewAlert[]
  },
): Promise<void> {
  for (const alert of alerts) {
    await sql`
      insert into alerts (district_id, data_type, run_id, kind, field, code, count, new_count, held_count)
      values (${districtId}, ${dataType}, ${runId}, ${alert.kind}, ${alert.field}, ${alert.code}, ${alert.count},
        ${alert.newCount ?? null}, ${alert.heldCount ?? null})
      on conflict (district_id, data_type, kind, field, code) where closed_at is null
        do update set run_id = excluded.run_id, count = excluded.count, new_count = excluded.new_count,
          held_count = excluded.held_count
    `.execute(trx)
  }
  await trx
    .updateTable('alerts')
    .set({ closedAt: sql<Date>`now()` })
    .where('districtId', '=', districtId)
    .where('dataType', '=', dataType)
    .where('closedAt', 'is', null)
    .where('runId', '!=', runId)
    .execute()
}

/** What events say of an alert; of a kind that is not counted apart, and of an earlier release's, no more than the count. */
export function toAlertFacts({
  kind,
  field,
  count,
  newCount,
  heldCount,
}: Pick<AlertRow, 'kind' | 'field' | 'count' | 'newCount' | 'heldCount'>): AlertFacts {
  if (newCount === null || heldCount === null) return { kind, field, count }
  return { kind, field, count, new: newCount, held: heldCount }
}

/** Open alerts of a district, or of some data types of it, oldest first. */
export function listOpenAlerts(
  trx: Transaction<Database>,
  { districtId, dataType }: { readonly districtId: string; readonly dataType?: string | readonly string[] | undefined },
): Promise<AlertRow[]> {
  let query = trx.selectFrom('alerts').selectAll().where('districtId', '=', districtId).where('closedAt', 'is', null)
  if (dataType !== undefined)
    query = query.where('dataType', 'in', typeof dataType === 'string' ? [dataType] : dataType)
  return query.orderBy('openedAt').orderBy('id').execute()
}
