import type { Transaction } from 'kysely'
import { withDistrict, type Database } from '../db/database.ts'
import { closeAlarm, listOpenAlarms, openAlarm, type AlarmKey, type AlarmRow } from '../db/queries/alarms.ts'
import { listDistricts } from '../db/queries/districts.ts'
import { insertEvent } from '../db/queries/events.ts'
import type { ScheduleDependencies } from './schedule-dependencies.ts'
import type { ScheduleActivities, WatchReport } from './schedule-interface.ts'
import { listFrames } from './to-activity-failure.ts'
import { watchFeeds } from './watch-feeds.ts'
import { watchRuns, type WantedAlarm } from './watch-runs.ts'

/**
 * One look at every district. Alarms that should be open are opened, once; those whose cause is gone are closed. A
 * district that cannot be looked at does not keep the others from it.
 */
export function createWatchDistricts(dependencies: ScheduleDependencies): ScheduleActivities['watchDistricts'] {
  const { db, log, now } = dependencies
  return async ({ district: only }) => {
    let report: WatchReport = { restarted: 0, closed: 0, opened: 0, cleared: 0, openAlarms: 0 }
    for (const district of await listDistricts(db)) {
      if (only !== undefined && district.slug !== only) continue
      try {
        const { alarms, restarted, closed } = await watchRuns(dependencies, district)
        const wanted = [...alarms, ...(await watchFeeds(dependencies, district))]
        const { opened, cleared } = await withDistrict(db, district.id, (trx) => settleAlarms(trx, wanted, now()))
        report = {
          restarted: report.restarted + restarted,
          closed: report.closed + closed,
          opened: report.opened + opened,
          cleared: report.cleared + cleared,
          openAlarms: report.openAlarms + wanted.length,
        }
      } catch (error) {
        log.warn({ districtId: district.id, at: listFrames(error) }, 'a district could not be watched')
      }
    }
    return report
  }
}

async function settleAlarms(
  trx: Transaction<Database>,
  wanted: readonly WantedAlarm[],
  at: Date,
): Promise<{ opened: number; cleared: number }> {
  const keys = new Set(wanted.map(keyOf))
  let opened = 0
  let cleared = 0
  for (const alarm of await listOpenAlarms(trx)) {
    if (keys.has(keyOf(alarm))) continue
    await closeAlarm(trx, alarm.id, at)
    if (alarm.kind === 'feedLate') await tell(trx, alarm, 'feedArrived')
    cleared += 1
  }
  for (const alarm of wanted) {
    const row = await openAlarm(trx, { ...alarm, openedAt: at })
    if (row === undefined) continue
    await tell(trx, row, row.kind === 'feedLate' ? 'feedLate' : 'runStuck')
    opened += 1
  }
  return { opened, cleared }
}

async function tell(
  trx: Transaction<Database>,
  { id, districtId, connectionId, dataType, runId, facts }: AlarmRow,
  kind: 'feedLate' | 'feedArrived' | 'runStuck',
): Promise<void> {
  const about = { districtId, connectionId, dataType, ...(runId !== null && { runId }) }
  await insertEvent(trx, { ...about, kind, onceKey: `${kind}/${id}`, facts })
}

function keyOf({ kind, connectionId, dataType, runId }: AlarmKey): string {
  return [kind, connectionId, dataType, runId ?? ''].join(' ')
}
