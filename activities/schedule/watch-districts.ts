import type { Transaction } from 'kysely'
import { withDistrict, type Database } from '../../db/database.ts'
import { closeAlarm, listOpenAlarms, openAlarm, type AlarmKey, type AlarmRow } from '../../db/schedule/alarms.ts'
import { listDistricts } from '../../db/access/districts.ts'
import { insertEvent } from '../../db/notify/events.ts'
import { findRun } from '../../db/import/runs.ts'
import { isOver } from '../../domain/import-run.ts'
import type { RunTrouble } from '../../domain/run-trouble.ts'
import type { ScheduleDependencies } from './schedule-dependencies.ts'
import type { ScheduleActivities, WatchReport } from '../schedule-interface.ts'
import { listFrames } from '../to-activity-failure.ts'
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
        const settled = await withDistrict(db, district.id, (trx) => settleAlarms(trx, wanted, now()))
        const { opened, cleared } = settled
        for (const { workflowId, trouble } of settled.shown)
          await dependencies.workflows.tellTrouble(workflowId, trouble)
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

/** Without a trouble: it is over. */
type ShownTrouble = { readonly workflowId: string; readonly trouble: RunTrouble | undefined }

async function settleAlarms(
  trx: Transaction<Database>,
  wanted: readonly WantedAlarm[],
  at: Date,
): Promise<{ readonly opened: number; readonly cleared: number; readonly shown: readonly ShownTrouble[] }> {
  const keys = new Set(wanted.map(keyOf))
  let opened = 0
  let cleared = 0
  const shown: ShownTrouble[] = []
  for (const alarm of await listOpenAlarms(trx)) {
    if (keys.has(keyOf(alarm))) continue
    await closeAlarm(trx, alarm.id, at)
    if (alarm.kind === 'feedLate') await tell(trx, alarm, 'feedArrived')
    cleared += 1
    const run = alarm.runId === null ? undefined : await findRun(trx, alarm.runId)
    const wasShown = alarm.kind === 'runRetrying' || alarm.kind === 'runStalled'
    if (wasShown && run !== undefined && run.undoOf === null && !isOver(run.state)) {
      shown.push({ workflowId: run.workflowId, trouble: undefined })
    }
  }
  for (const { shown: toShow, ...alarm } of wanted) {
    const row = await openAlarm(trx, { ...alarm, openedAt: at })
    if (row === undefined) continue
    if (toShow !== undefined) shown.push(toShow)
    await tell(trx, row, row.kind === 'feedLate' ? 'feedLate' : 'runStuck')
    opened += 1
  }
  return { opened, cleared, shown }
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
