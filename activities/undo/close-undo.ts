import { withDistrict } from '../../db/database.ts'
import { closeUndo, type UndoEnd } from '../../db/undo/close-undo.ts'
import { countUndoTotals } from '../../db/undo/undo-totals.ts'
import type { ActivityDependencies } from '../activity-dependencies.ts'
import { describeFailure } from '../describe-failure.ts'
import type { UndoActivities, UndoOutcome } from '../interface.ts'

type CloseUndoDependencies = Pick<ActivityDependencies, 'db' | 'now' | 'undoWindowMs'>

export function createCloseUndo({ db, now, undoWindowMs }: CloseUndoDependencies): UndoActivities['closeUndo'] {
  return ({ districtId, runId, outcome }) =>
    withDistrict(db, districtId, async (trx) => {
      const finishedAt = now()
      const undo = await closeUndo(trx, {
        runId,
        end: toEnd(outcome),
        now: finishedAt,
        undoUntil: new Date(finishedAt.getTime() + undoWindowMs),
      })
      const { reverted, madeInactive, skippedCount } = await countUndoTotals(trx, runId)
      const undoUntil = undo.undoUntil?.toISOString() ?? null
      return { state: undo.state, reverted, madeInactive, skipped: skippedCount, undoUntil }
    })
}

function toEnd(outcome: UndoOutcome): UndoEnd {
  if (outcome.kind !== 'failed') return outcome
  return { kind: 'failed', failure: { code: outcome.code, detail: describeFailure(outcome.code) } }
}
