import type { Logger, LogLevel, LogMetadata } from '@temporalio/worker'
import type { Log } from '../platform/log.ts'

const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const

/** Lets the SDK write into our log: its ids and its errors, which are ours translated; no arguments, no results. */
export function toTemporalLogger(log: Log): Logger {
  const write = (level: LogLevel, message: string, metadata: LogMetadata = {}): void => {
    const { workflowId, workflowType, activityType, attempt, taskQueue, error: err } = metadata
    log[levels[level]]({ workflowId, workflowType, activityType, attempt, taskQueue, err, from: 'temporal' }, message)
  }
  return {
    log: write,
    trace: (message, metadata) => write('TRACE', message, metadata),
    debug: (message, metadata) => write('DEBUG', message, metadata),
    // What the SDK says in passing is of use when looking for a fault, not in a day's log.
    info: (message, metadata) => write('DEBUG', message, metadata),
    // That a step failed our own line says, with where (activities/guard-step.ts): one line for each attempt is enough.
    warn: (message, metadata) => write(message === 'Activity failed' ? 'DEBUG' : 'WARN', message, metadata),
    error: (message, metadata) => write('ERROR', message, metadata),
  }
}
