import { Context } from '@temporalio/activity'
import { withDistrict } from '../../db/database.ts'
import { getRun, updateRunProgress } from '../../db/import/runs.ts'
import { undoRun } from '../../db/undo/undo-run.ts'
import { getDataType } from '../../domain/data-types/registry.ts'
import type { ActivityDependencies } from '../activity-dependencies.ts'
import type { UndoActivities } from '../interface.ts'

/** Between two batches it looks whether its worker is to stop; called again it goes on after the last committed one. */
export function createCarryOutUndo({ db }: Pick<ActivityDependencies, 'db'>): UndoActivities['carryOutUndo'] {
  return async ({ districtId, runId }) => {
    const { cancellationSignal } = Context.current()
    const { dataType } = await withDistrict(db, districtId, (trx) => getRun(trx, runId))
    const { obstacle } = await undoRun(db, {
      districtId,
      runId,
      dataType: getDataType(dataType),
      afterBatch: async ({ doneRows, totalRows }) => {
        await withDistrict(db, districtId, (trx) =>
          updateRunProgress(trx, runId, { stage: 'undoing', rows: doneRows, totalRows }),
        )
        Context.current().heartbeat({ doneRows, totalRows })
        if (doneRows < totalRows) cancellationSignal.throwIfAborted()
      },
    })
    return { obstacle: obstacle ?? null }
  }
}
