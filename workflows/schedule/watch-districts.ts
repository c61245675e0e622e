import { setCurrentDetails } from '@temporalio/workflow'
import type { WatchReport, WatchRequest } from '../../activities/schedule-interface.ts'
import { watching } from './schedule-steps.ts'

/** Started every few minutes: looks for runs that do not get on and feeds that are late, in every district. By hand: of one. */
export async function watchDistricts(request: WatchRequest = {}): Promise<WatchReport> {
  const report = await watching.watchDistricts(request)
  setCurrentDetails(`${report.restarted} started again, ${report.closed} closed, ${report.openAlarms} alarms open`)
  return report
}
