import { CancelledFailure } from '@temporalio/common'

/**
 * True when somebody cancelled the run. An activity is also told to stop when its worker shuts down or Temporal has
 * given it up; then it is tried again elsewhere and must not end as if it were done.
 */
export function wasCancelled(signal: AbortSignal): boolean {
  return signal.aborted && signal.reason instanceof CancelledFailure && signal.reason.message === 'CANCELLED'
}
