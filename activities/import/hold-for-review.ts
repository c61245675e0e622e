import { withDistrict } from '../../db/database.ts'
import { findNewerWord, lockDataset } from '../../db/import/last-word.ts'
import { insertRunEvent } from '../../db/notify/run-events.ts'
import { getRun, moveRun } from '../../db/import/runs.ts'
import type { ActivityDependencies } from '../activity-dependencies.ts'
import type { ImportActivities } from '../interface.ts'

/**
 * A run is not held when a newer one is applied, or held itself: nobody would ever release it. Behind the lock, because
 * a newer one that comes after this looks for those that are held.
 */
export function createHoldForReview({ db }: Pick<ActivityDependencies, 'db'>): ImportActivities['holdForReview'] {
  return ({ districtId, runId, metLimits }) =>
    withDistrict(db, districtId, async (trx) => {
      const isHeldAlready = (await getRun(trx, runId)).state === 'held'
      if (!isHeldAlready) {
        // Without the lock first: whoever applies has it most of the time.
        const newer = (await findNewerWord(trx, runId, { orHeld: true })) ?? (await findNewerWordLocked(trx, runId))
        if (newer !== undefined) return { supersededBy: newer.runId }
      }
      await moveRun(trx, runId, 'held', { hold: { limits: metLimits } })
      await insertRunEvent(trx, { runId, kind: 'runHeld' })
      return {}
    })
}

async function findNewerWordLocked(
  trx: Parameters<typeof lockDataset>[0],
  runId: string,
): Promise<{ readonly runId: string } | undefined> {
  await lockDataset(trx, await getRun(trx, runId))
  return findNewerWord(trx, runId, { orHeld: true })
}
