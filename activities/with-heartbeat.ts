import { Context } from '@temporalio/activity'

/** Four beats within the time after which Temporal takes a silent activity for dead. */
const beatsPerTimeout = 4
const longestPauseMs = 10_000

/**
 * Beats from a timer while `work` runs, because a single SQL statement may take longer than the heartbeat time-out.
 * Beating is also how a cancellation arrives: see `Context.current().cancellationSignal`.
 */
export async function withHeartbeat<Result>(work: () => Promise<Result>): Promise<Result> {
  const context = Context.current()
  const { heartbeatTimeoutMs } = context.info
  const pauseMs = Math.min((heartbeatTimeoutMs ?? longestPauseMs) / beatsPerTimeout, longestPauseMs)
  context.heartbeat()
  const timer = setInterval(() => context.heartbeat(), pauseMs)
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}
