import { withDistrict } from '../../db/database.ts'
import { getRun, listOlderHeldRuns } from '../../db/import/runs.ts'
import type { ActivityDependencies } from '../activity-dependencies.ts'
import type { ImportActivities } from '../interface.ts'

export function createListOlderHeldRuns({
  db,
}: Pick<ActivityDependencies, 'db'>): ImportActivities['listOlderHeldRuns'] {
  return ({ districtId, runId }) =>
    withDistrict(db, districtId, async (trx) => {
      const run = await getRun(trx, runId)
      // What people decided about some records is no newer input.
      if (run.isResolution) return []
      return (await listOlderHeldRuns(trx, run)).map(({ id, workflowId }) => ({ runId: id, workflowId }))
    })
}
