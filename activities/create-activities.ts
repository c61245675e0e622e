import { activityInfo, Context } from '@temporalio/activity'
import type { ActivityDependencies } from './activity-dependencies.ts'
import { createApplyPlan } from './apply-plan.ts'
import { createBuildPlan } from './build-plan.ts'
import { createCloseRun } from './close-run.ts'
import { createHoldForReview } from './hold-for-review.ts'
import type { ImportActivities } from './interface.ts'
import { createListOlderHeldRuns } from './list-older-held-runs.ts'
import { createOpenRun } from './open-run.ts'
import { createRecordHoldDecision } from './record-hold-decision.ts'
import { stageRun } from './stage/stage-run.ts'
import { listFrames, toActivityFailure } from './to-activity-failure.ts'
import { wasCancelled } from './was-cancelled.ts'
import { withHeartbeat } from './with-heartbeat.ts'

/** The steps of an import run, with what they work with built in; what they throw is translated for Temporal. */
export function createActivities(dependencies: ActivityDependencies): ImportActivities {
  const { log } = dependencies

  const guard =
    <Argument extends { readonly runId: string }, Result>(
      step: (argument: Argument) => Promise<Result>,
    ): ((argument: Argument) => Promise<Result>) =>
    async (argument) => {
      const { attempt, activityType } = activityInfo()
      const { runId } = argument
      const started = performance.now()
      try {
        // Every step beats, the short ones too: a worker that was killed is noticed by its silence alone.
        const result = await withHeartbeat(() => step(argument))
        log.info({ runId, step: activityType, attempt, tookMs: Math.round(performance.now() - started) }, 'step done')
        return result
      } catch (error) {
        const { cancellationSignal } = Context.current()
        // Whatever a step throws once it was cancelled, a closed connection for one, it ends because of that.
        if (wasCancelled(cancellationSignal)) throw cancellationSignal.reason
        const failure = toActivityFailure(error, attempt)
        log.warn({ runId, step: activityType, attempt, at: listFrames(error) }, `step failed: ${failure.message}`)
        throw failure
      }
    }

  return {
    openRun: guard(createOpenRun(dependencies)),
    stageRun: guard((run) => {
      const context = Context.current()
      const signal = context.cancellationSignal
      return stageRun(dependencies, run, {
        signal,
        heartbeat: (rowsRead) => {
          context.heartbeat({ rowsRead })
        },
      })
    }),
    buildPlan: guard(createBuildPlan(dependencies)),
    holdForReview: guard(createHoldForReview(dependencies)),
    recordHoldDecision: guard(createRecordHoldDecision(dependencies)),
    applyPlan: guard(createApplyPlan(dependencies)),
    listOlderHeldRuns: guard(createListOlderHeldRuns(dependencies)),
    closeRun: guard(createCloseRun(dependencies)),
  }
}
