import { setCurrentDetails } from '@temporalio/workflow'
import type { PurgeReport, PurgeRequest } from '../../activities/schedule-interface.ts'
import { purging } from '../schedule/schedule-steps.ts'

/** Started every hour: removes logs, inputs and more that are older than they are kept, in every district. By hand: of one. */
export async function purgeLogs(request: PurgeRequest = {}): Promise<PurgeReport> {
  const report = await purging.purgeLogs(request)
  const { runs, rows, inputs, cases = 0, scheduleLines = 0 } = report
  setCurrentDetails(
    `Removed: the logs of ${runs} runs, ${rows} rows, and ${inputs} inputs; values of ${cases} cases, ${scheduleLines} lines about schedules`,
  )
  return report
}
