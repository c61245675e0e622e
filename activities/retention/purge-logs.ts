import { Context } from '@temporalio/activity'
import { listDistricts } from '../../db/access/districts.ts'
import { purgeCaseValues, purgeScheduleHistory } from '../../db/retention/purge-history.ts'
import { purgeInputs } from '../../db/retention/purge-inputs.ts'
import { purgeRunLogs } from '../../db/retention/purge-run-logs.ts'
import { purgeUploads } from '../../db/retention/purge-uploads.ts'
import type { ScheduleDependencies } from '../schedule/schedule-dependencies.ts'
import type { PurgeReport, ScheduleActivities } from '../schedule-interface.ts'
import { listFrames } from '../to-activity-failure.ts'

/**
 * Removes logs, inputs, values of cases and lines about schedules that are older than they are kept, district by district. One that fails does not keep the
 * others from it; the first failure is thrown at the end.
 */
export function createPurgeLogs({ db, log, now, retention }: ScheduleDependencies): ScheduleActivities['purgeLogs'] {
  return async ({ district: only }) => {
    const { cancellationSignal } = Context.current()
    const afterBatch = (): void => {
      cancellationSignal.throwIfAborted()
    }
    let report: Required<PurgeReport> = { runs: 0, rows: 0, inputs: 0, cases: 0, scheduleLines: 0 }
    let failure: Error | undefined
    for (const { id: districtId, slug } of await listDistricts(db)) {
      if (only !== undefined && slug !== only) continue
      cancellationSignal.throwIfAborted()
      try {
        const request = { districtId, now: now(), ...retention, afterBatch }
        // Runs first: an input is needed as long as the log of a run that read it is there.
        const { runs, rows } = await purgeRunLogs(db, request)
        await purgeUploads(db, request)
        const { inputs } = await purgeInputs(db, request)
        const { cases } = await purgeCaseValues(db, request)
        const { firings, alarms } = await purgeScheduleHistory(db, request)
        report = {
          runs: report.runs + runs,
          rows: report.rows + rows,
          inputs: report.inputs + inputs,
          cases: report.cases + cases,
          scheduleLines: report.scheduleLines + firings + alarms,
        }
      } catch (error) {
        failure ??= error instanceof Error ? error : new Error('a district could not be purged', { cause: error })
        log.warn({ districtId, at: listFrames(error) }, 'the logs of a district could not be purged')
      }
    }
    if (failure !== undefined) throw failure
    return report
  }
}
