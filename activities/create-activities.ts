import { Context } from '@temporalio/activity'
import type { ActivityDependencies } from './activity-dependencies.ts'
import { createApplyPlan } from './import/apply-plan.ts'
import { createBuildPlan } from './import/build-plan.ts'
import { createCloseRun } from './import/close-run.ts'
import { createGuard } from './guard-step.ts'
import { createHoldForReview } from './import/hold-for-review.ts'
import type { ImportActivities, RunRef, UndoActivities } from './interface.ts'
import { createListOlderHeldRuns } from './import/list-older-held-runs.ts'
import { createOpenRun } from './import/open-run.ts'
import { createRecordHoldDecision } from './import/record-hold-decision.ts'
import { stageRun } from './stage/stage-run.ts'
import { createCarryOutUndo } from './undo/carry-out-undo.ts'
import { createCloseUndo } from './undo/close-undo.ts'
import { createOpenUndo } from './undo/open-undo.ts'
import { createPurgeJournal } from './retention/purge-journal.ts'
import { createCloseUndoThrough, createOpenUndoThrough } from './undo/undo-through.ts'
import { withinTimeLimit } from './within-time-limit.ts'

/** A batch in hand is ended when a run is cancelled, unless it is one that does not come to its end. */
const batchGraceMs = 5_000

/** The steps of an import run and of its undo, with what they work with built in; what they throw is translated for Temporal. */
export function createActivities(dependencies: ActivityDependencies): ImportActivities & UndoActivities {
  const guard = createGuard(dependencies.log)
  const limited = <Argument extends RunRef, Result>(step: (argument: Argument) => Promise<Result>) =>
    withinTimeLimit(dependencies, step)

  return {
    openRun: guard(createOpenRun(dependencies)),
    stageRun: guard(
      limited((run) => {
        const context = Context.current()
        const signal = context.cancellationSignal
        return stageRun(dependencies, run, {
          signal,
          heartbeat: (rowsRead) => {
            context.heartbeat({ rowsRead })
          },
        })
      }),
    ),
    buildPlan: guard(limited(createBuildPlan(dependencies))),
    holdForReview: guard(createHoldForReview(dependencies)),
    recordHoldDecision: guard(createRecordHoldDecision(dependencies)),
    applyPlan: guard(limited(createApplyPlan(dependencies)), { graceMs: batchGraceMs }),
    listOlderHeldRuns: guard(createListOlderHeldRuns(dependencies)),
    closeRun: guard(limited(createCloseRun(dependencies))),
    openUndo: guard(createOpenUndo(dependencies)),
    carryOutUndo: guard(limited(createCarryOutUndo(dependencies)), { graceMs: batchGraceMs }),
    closeUndo: guard(limited(createCloseUndo(dependencies))),
    purgeJournal: guard(createPurgeJournal(dependencies)),
    openUndoThrough: guard(createOpenUndoThrough(dependencies)),
    closeUndoThrough: guard(createCloseUndoThrough(dependencies)),
  }
}
