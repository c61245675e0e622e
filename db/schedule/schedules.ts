import { sql, type Selectable, type Transaction } from 'kysely'
import type { ScheduleSettings } from '../../domain/schedule/schedule-settings.ts'
import type { Database } from '../database.ts'
import type { Schedules } from '../tables/schedules.ts'

export type ScheduleRow = Selectable<Schedules>
export type ScheduleKey = { readonly connectionId: string; readonly dataType: string }

/** Undefined also for one that was deleted and is only waiting for Temporal to hear of it. */
export function findSchedule(trx: Transaction<Database>, key: ScheduleKey): Promise<ScheduleRow | undefined> {
  return selectSchedule(trx, key).where('isDeleted', '=', false).executeTakeFirst()
}

/** Held against everybody else until the transaction ends, so that a time is decided about once. */
export function lockSchedule(trx: Transaction<Database>, key: ScheduleKey): Promise<ScheduleRow | undefined> {
  return selectSchedule(trx, key).where('isDeleted', '=', false).forUpdate().executeTakeFirst()
}

/** Those of the transaction's district. */
export function listSchedules(trx: Transaction<Database>): Promise<ScheduleRow[]> {
  return trx
    .selectFrom('schedules')
    .selectAll()
    .where('isDeleted', '=', false)
    .orderBy('connectionId')
    .orderBy('dataType')
    .execute()
}

/** Makes or changes it; Temporal hears of it through the revision. */
export async function upsertSchedule(
  trx: Transaction<Database>,
  {
    connectionId,
    dataType,
    districtId,
    ...wanted
  }: ScheduleKey & {
    readonly districtId: string
    readonly settings: ScheduleSettings
    readonly now: Date
  },
): Promise<ScheduleRow> {
  const settings = JSON.stringify(wanted.settings)
  return await trx
    .insertInto('schedules')
    .values({ districtId, connectionId, dataType, settings, activeSince: wanted.now })
    .onConflict((conflict) =>
      conflict.columns(['connectionId', 'dataType']).doUpdateSet({
        settings,
        activeSince: wanted.now,
        isDeleted: false,
        // One that had been deleted begins anew.
        isPaused: sql`schedules.is_paused and not schedules.is_deleted`,
        revision: sql`schedules.revision + 1`,
      }),
    )
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** `resume` begins a new time in which runs are owed. Undefined when there is no such schedule. */
export function pauseSchedule(
  trx: Transaction<Database>,
  key: ScheduleKey,
  change: { readonly isPaused: true; readonly by: string } | { readonly isPaused: false; readonly now: Date },
): Promise<ScheduleRow | undefined> {
  return trx
    .updateTable('schedules')
    .set({
      revision: sql`revision + 1`,
      ...(change.isPaused
        ? { isPaused: true, pausedBy: change.by }
        : { isPaused: false, pausedBy: null, activeSince: change.now }),
    })
    .where('connectionId', '=', key.connectionId)
    .where('dataType', '=', key.dataType)
    .where('isDeleted', '=', false)
    .returningAll()
    .executeTakeFirst()
}

/** False when there is none. The row goes when Temporal has heard of it. */
export async function deleteSchedule(trx: Transaction<Database>, key: ScheduleKey): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('schedules')
    .set({ isDeleted: true, revision: sql`revision + 1` })
    .where('connectionId', '=', key.connectionId)
    .where('dataType', '=', key.dataType)
    .where('isDeleted', '=', false)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Schedules of the transaction's district that Temporal has not heard of in their present form. */
export function listUnpushedSchedules(trx: Transaction<Database>): Promise<ScheduleKey[]> {
  return trx
    .selectFrom('schedules')
    .select(['connectionId', 'dataType'])
    .whereRef('revision', '<>', 'pushedRevision')
    .execute()
}

/** A schedule with what was deleted, held until the transaction ends: one process at a time tells Temporal. */
export function lockUnpushedSchedule(trx: Transaction<Database>, key: ScheduleKey): Promise<ScheduleRow | undefined> {
  return selectSchedule(trx, key).whereRef('revision', '<>', 'pushedRevision').forUpdate().executeTakeFirst()
}

/** Writes down that Temporal knows this form; a deleted one is gone for good. */
export async function recordPushed(trx: Transaction<Database>, row: ScheduleRow): Promise<void> {
  const { connectionId, dataType, revision } = row
  if (row.isDeleted) {
    await trx
      .deleteFrom('schedules')
      .where('connectionId', '=', connectionId)
      .where('dataType', '=', dataType)
      .execute()
    return
  }
  await updateSchedule(trx, row, { pushedRevision: revision })
}

/** What Temporal has counted by now of starts that it left out. */
export function recordLeftOut(
  trx: Transaction<Database>,
  key: ScheduleKey,
  seen: { readonly overlaps: number; readonly missed: number },
): Promise<void> {
  return updateSchedule(trx, key, { seenOverlaps: seen.overlaps, seenMissed: seen.missed })
}

async function updateSchedule(
  trx: Transaction<Database>,
  key: ScheduleKey,
  values: { readonly pushedRevision?: number; readonly seenOverlaps?: number; readonly seenMissed?: number },
): Promise<void> {
  await trx
    .updateTable('schedules')
    .set(values)
    .where('connectionId', '=', key.connectionId)
    .where('dataType', '=', key.dataType)
    .execute()
}

function selectSchedule(trx: Transaction<Database>, { connectionId, dataType }: ScheduleKey) {
  return trx
    .selectFrom('schedules')
    .selectAll()
    .where('connectionId', '=', connectionId)
    .where('dataType', '=', dataType)
}
