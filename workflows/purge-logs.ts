import { setCurrentDetails } from '@temporalio/workflow'
import type { PurgeReport, PurgeRequest } from '../activities/schedule-interface.ts'
import { purging } from './schedule-steps.ts'

/** Started every hour: removes logs and inputs that are older than they are kept, in every district. By hand: of one. */
export async function purgeLogs(request: PurgeRequest = {}): Promise<PurgeReport> {
  const report = await purging.purgeLogs(request)
  setCurrentDetails(`Removed: the logs of ${report.runs} runs, ${report.rows} rows, and ${report.inputs} inputs`)
  return report
}
