import { Context } from '@temporalio/activity'
import { purgeJournal } from '../../db/retention/purge-journal.ts'
import type { ActivityDependencies } from '../activity-dependencies.ts'
import type { UndoActivities } from '../interface.ts'

export function createPurgeJournal({
  db,
  now,
}: Pick<ActivityDependencies, 'db' | 'now'>): UndoActivities['purgeJournal'] {
  return ({ districtId, runId }) => {
    const { cancellationSignal } = Context.current()
    const afterBatch = (): void => {
      Context.current().heartbeat()
      cancellationSignal.throwIfAborted()
    }
    return purgeJournal(db, { districtId, runId, now: now(), afterBatch })
  }
}
