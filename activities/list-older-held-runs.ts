import { withDistrict } from '../db/database.ts'
import { getRun, listHeldRuns } from '../db/queries/runs.ts'
import type { ActivityDependencies } from './activity-dependencies.ts'
import type { ImportActivities } from './interface.ts'

export function createListOlderHeldRuns({
  db,
}: Pick<ActivityDependencies, 'db'>): ImportActivities['listOlderHeldRuns'] {
  return ({ districtId, runId }) =>
    withDistrict(db, districtId, async (trx) => {
      const run = await getRun(trx, runId)
      const held = await listHeldRuns(trx, { districtId, dataType: run.dataType })
      return held
        .filter((other) => other.id !== runId && other.createdAt <= run.createdAt)
        .map((other) => ({ runId: other.id, workflowId: other.workflowId }))
    })
}
