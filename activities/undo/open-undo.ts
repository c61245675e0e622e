import { withDistrict } from '../../db/database.ts'
import { openUndo } from '../../db/undo/open-undo.ts'
import type { ActivityDependencies } from '../activity-dependencies.ts'
import type { UndoActivities } from '../interface.ts'

/** The one door to an undo: whoever asks, and however often, passes here. */
export function createOpenUndo({
  db,
  now,
  heartbeatMs,
}: Pick<ActivityDependencies, 'db' | 'now' | 'heartbeatMs'>): UndoActivities['openUndo'] {
  return ({ districtId, ...wish }) =>
    withDistrict(db, districtId, async (trx) => {
      const opened = await openUndo(trx, { ...wish, now: now() })
      return 'obstacle' in opened
        ? { kind: 'refused', reason: opened.obstacle }
        : { kind: 'opened', undoRunId: opened.undo.id, heartbeatMs }
    })
}
