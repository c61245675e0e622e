import { withDistrict } from '../db/database.ts'
import { insertRunEvent } from '../db/queries/run-events.ts'
import { moveRun } from '../db/queries/runs.ts'
import type { ActivityDependencies } from './activity-dependencies.ts'
import type { ImportActivities } from './interface.ts'

export function createHoldForReview({ db }: Pick<ActivityDependencies, 'db'>): ImportActivities['holdForReview'] {
  return async ({ districtId, runId, metLimits }) => {
    await withDistrict(db, districtId, async (trx) => {
      await moveRun(trx, runId, 'held', { hold: { limits: metLimits } })
      await insertRunEvent(trx, { runId, kind: 'runHeld' })
    })
  }
}
