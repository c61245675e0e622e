import type { Transaction } from 'kysely'
import type { DateRange } from '../../domain/schedule/date-ranges.ts'
import { shareImports } from '../../domain/schedule/share-imports.ts'
import { allDataTypes } from '../../domain/data-types/registry.ts'
import type { Database } from '../database.ts'
import { findLastGoodSetEnd } from '../import/import-sets.ts'
import { findLastGoodEnd } from '../import/open-runs.ts'
import { findLastFetch } from '../schedule/fetched-inputs.ts'
import { listAwaited, listScheduledImports } from './scheduled-imports.ts'
import type { ScheduleKey } from '../schedule/schedules.ts'

/** What there is to know of a feed besides its schedule. */
export type FeedRow = {
  /** False where the configuration is off, or another connection has the data type: then nothing is owed. */
  readonly isEnabled: boolean
  readonly blackouts: readonly DateRange[]
  readonly lastGoodEnd: Date | undefined
  readonly lastFetch: Date | undefined
  /** Data types of which an import has to be completed before a start begins a run. */
  readonly waitsFor: readonly string[]
}

/** The feed of a schedule, at this moment. */
export async function readFeed(
  trx: Transaction<Database>,
  schedule: ScheduleKey & { readonly districtId: string },
): Promise<FeedRow> {
  const scheduled = await listScheduledImports(trx, schedule)
  const isForAll = schedule.dataType === allDataTypes
  return {
    isEnabled: scheduled.length > 0,
    blackouts: shareImports(scheduled.map(({ settings }) => settings)).blackouts,
    lastGoodEnd: await (isForAll ? findLastGoodSetEnd(trx, schedule.connectionId) : findLastGoodEnd(trx, schedule)),
    lastFetch: await findLastFetch(trx, schedule),
    waitsFor: await listAwaited(trx, schedule, scheduled),
  }
}
