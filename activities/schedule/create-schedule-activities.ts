import { createDecideFiring } from './decide-firing.ts'
import { createFetchInput } from '../connect/fetch-input.ts'
import { createFetchSetInput } from '../connect/fetch-set-input.ts'
import { createTestConnection } from '../connect/test-connection.ts'
import { createGuard } from '../guard-step.ts'
import { createPurgeLogs } from '../retention/purge-logs.ts'
import type { ScheduleDependencies } from './schedule-dependencies.ts'
import type { ScheduleActivities } from '../schedule-interface.ts'
import { createWatchDistricts } from './watch-districts.ts'

/** The steps around runs, with what they work with built in. */
export function createScheduleActivities(dependencies: ScheduleDependencies): ScheduleActivities {
  const guard = createGuard(dependencies.log)
  return {
    fetchInput: guard(createFetchInput(dependencies)),
    fetchSetInput: guard(createFetchSetInput(dependencies)),
    decideFiring: guard(createDecideFiring(dependencies)),
    testConnection: guard(createTestConnection(dependencies)),
    watchDistricts: guard(createWatchDistricts(dependencies)),
    purgeLogs: guard(createPurgeLogs(dependencies)),
  }
}
