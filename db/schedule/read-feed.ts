import type { Transaction } from 'kysely'
import type { DateRange } from '../../domain/schedule/date-ranges.ts'
import { findConfiguration } from '../connect/configurations.ts'
import type { Database } from '../database.ts'
import { listMissingPrerequisites } from '../import/list-missing-prerequisites.ts'
import { findLastGoodEnd } from '../import/open-runs.ts'
import { findLastFetch } from './fetched-inputs.ts'
import type { ScheduleKey } from './schedules.ts'

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
  const configuration = await findConfiguration(trx, schedule)
  return {
    isEnabled: configuration?.isEnabled === true,
    blackouts: configuration?.settings.blackouts ?? [],
    lastGoodEnd: await findLastGoodEnd(trx, schedule),
    lastFetch: await findLastFetch(trx, schedule),
    waitsFor: await listMissingPrerequisites(trx, schedule),
  }
}
