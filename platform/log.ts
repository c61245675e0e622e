import { pino, type Logger } from 'pino'

export type Log = Logger

/**
 * The log of one process: one JSON object a line on standard output, with `msg`, `level` as a word and an ISO time.
 * Log ids, counts and codes; never a row, a name or a value of anybody's record.
 */
export function createLog(options: { readonly process: string; readonly level?: string }): Log {
  return pino({
    level: options.level ?? 'info',
    base: { process: options.process },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: describeError },
  })
}

/** The message of a database error may quote a row in its `detail`; only what names the failure is logged. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: 'something was thrown that is not an error' }
  return {
    name: error.name,
    message: error.message,
    ...('code' in error ? { code: error.code } : {}),
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  }
}
