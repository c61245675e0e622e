import { activityInfo, Context } from '@temporalio/activity'
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

export type GuardStep = <Argument extends StepSubject, Result>(
  step: (argument: Argument) => Promise<Result>,
) => (argument: Argument) => Promise<Result>

/** Makes a step an activity: it beats, says in the log how it went, and what it throws is translated for Temporal. */
export function createGuard(log: Log): GuardStep {
  return (step) => async (argument) => {
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
      const result = await withHeartbeat(() => step(argument))
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
