import { activityInfo, Context } from '@temporalio/activity'
import { withStatementLimits } from '../db/statement-limits.ts'
import type { Log } from '../platform/log.ts'
import { listFrames, toActivityFailure } from './to-activity-failure.ts'
import { wasCancelled } from './was-cancelled.ts'
import { withHeartbeat } from './with-heartbeat.ts'

/** Which ids of a step's argument its log lines carry. */
type StepSubject = {
  readonly runId?: string
  readonly districtId?: string
  readonly district?: string
  readonly connectionId?: string
  readonly deliveryId?: string
}

export type GuardOptions = {
  /** How long a statement at work may go on when the step is cancelled, milliseconds. */
  readonly graceMs?: number
}

export type GuardStep = <Argument extends StepSubject, Result>(
  step: (argument: Argument) => Promise<Result>,
  options?: GuardOptions,
) => (argument: Argument) => Promise<Result>

/**
 * Makes a step an activity: it beats, says in the log how it went, and what it throws is translated for Temporal. When
 * it is cancelled, or given up for dead, the statements it has at work are ended.
 */
export function createGuard(log: Log): GuardStep {
  return (step, { graceMs = 0 } = {}) =>
    async (argument) => {
      const { attempt, activityType } = activityInfo()
      const { runId, connectionId, deliveryId } = argument
      const subject = {
        ...(runId === undefined ? {} : { runId }),
        ...(connectionId === undefined ? {} : { connectionId }),
        ...(deliveryId === undefined ? {} : { deliveryId }),
      }
      const started = performance.now()
      const context = () => ({ ...subject, step: activityType, attempt })
      try {
        // Every step beats, the short ones too: a worker that was killed is noticed by its silence alone.
        const limits = { signal: Context.current().cancellationSignal, graceMs }
        const result = await withHeartbeat(() => withStatementLimits(limits, () => step(argument)))
        const tookMs = Math.round(performance.now() - started)
        log.info(Object.assign(context(), { tookMs }), 'step done')
        return result
      } catch (error) {
        const { cancellationSignal } = Context.current()
        // Whatever a step throws once it was cancelled, a closed connection for one, it ends because of that.
        if (wasCancelled(cancellationSignal)) throw cancellationSignal.reason
        const failure = toActivityFailure(error, attempt)
        log.warn(Object.assign(context(), { at: listFrames(error) }), `step failed: ${failure.message}`)
        throw failure
      }
    }
}
