import type { Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import { findImportSetAtWork } from '../../db/import/import-sets.ts'
import { findRunAtWork } from '../../db/import/open-runs.ts'
import { listAwaited, listScheduledImports } from '../../db/connect/scheduled-imports.ts'
import type { ScheduleRow } from '../../db/schedule/schedules.ts'
import { findRange } from '../../domain/schedule/date-ranges.ts'
import type { FiringOutcome } from '../../domain/schedule/firing-outcome.ts'
import { deriveLocalTime } from '../../domain/schedule/local-time.ts'
import type { ScheduleRef } from '../schedule-interface.ts'

/** A time at which a schedule is due. */
export type Due = ScheduleRef & { readonly dueAt: Date; readonly timeZone: string }

/** What comes of it, with the run or the set that was started or is in the way. */
export type Reason = {
  readonly outcome: FiringOutcome
  readonly runId?: string
  readonly setId?: string
  readonly code?: string
  readonly waitsFor?: readonly string[]
}

/** Why nothing is started, as far as that is known without asking the source. */
export async function findReason(
  trx: Transaction<Database>,
  due: Due,
  schedule: ScheduleRow,
): Promise<Reason | undefined> {
  if (schedule.isPaused) return { outcome: 'paused' }
  const scheduled = await listScheduledImports(trx, due)
  if (scheduled.length === 0) return { outcome: 'disabled' }
  const { date } = deriveLocalTime(due.dueAt.getTime(), due.timeZone)
  const isOff = scheduled.every(({ settings }) => findRange(settings.blackouts, date) !== undefined)
  if (isOff) return { outcome: 'blackout' }
  const set = await findImportSetAtWork(trx, due)
  if (set !== undefined) return { outcome: 'overlap', setId: set.id }
  const run = await findRunAtWork(trx, { ...due, dataTypes: scheduled.map(({ dataType }) => dataType) })
  if (run !== undefined) return { outcome: 'overlap', runId: run.id }
  const waitsFor = await listAwaited(trx, due, scheduled)
  return waitsFor.length === 0 ? undefined : { outcome: 'notReady', waitsFor }
}
