import { withDistrict } from '../../db/database.ts'
import { closeUndoThrough, openUndoThrough } from '../../db/undo/undo-through.ts'
import type { ActivityDependencies } from '../activity-dependencies.ts'
import type { UndoActivities } from '../interface.ts'

/** The one door to an undo of several runs, as createOpenUndo is to that of one. */
export function createOpenUndoThrough({ db }: Pick<ActivityDependencies, 'db'>): UndoActivities['openUndoThrough'] {
  return ({ districtId, throughId: id, askedAt, ...wish }) =>
    withDistrict(db, districtId, async (trx) => {
      const { state, stoppedReason } = await openUndoThrough(trx, { ...wish, id, askedAt: new Date(askedAt) })
      return { isOpen: state === 'undoing', stoppedReason }
    })
}

export function createCloseUndoThrough({
  db,
  now,
}: Pick<ActivityDependencies, 'db' | 'now'>): UndoActivities['closeUndoThrough'] {
  return ({ districtId, throughId: id, stoppedReason }) =>
    withDistrict(db, districtId, (trx) => closeUndoThrough(trx, { id, now: now(), stoppedReason }))
}
