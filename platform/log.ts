import { pino, type Logger } from 'pino'
import { createHumanStream } from './human-log.ts'
import { showJson } from './visible-text.ts'

export type Log = Logger

/**
 * The log of one process: one JSON object a line on standard output, with `msg`, `level` as a word and an ISO time. At a
 * terminal, where somebody started the process by hand and reads along, a line for people instead.
 * Log ids, counts and codes; never a row, a name or a value of anybody's record.
 */
export function createLog(options: { readonly process: string; readonly level?: string }): Log {
  const settings = {
    level: options.level ?? 'info',
    base: { process: options.process },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError },
    // Whoever reads the log in a terminal must not be acted upon by what it quotes.
    hooks: { streamWrite: showJson },
  }
  return process.stdout.isTTY
    ? pino(
        settings,
        createHumanStream((text) => process.stdout.write(text)),
      )
    : pino(settings)
}

/**
 * What is logged of an error. A database quotes values in its messages (`invalid input syntax for type date: "…"`), so of
 * such an error only the code goes on, and of the stack the places without the message above them.
 */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: 'something was thrown that is not an error' }
  const code = 'code' in error ? error.code : undefined
  const isFromDatabase = typeof code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(code)
  const places = error.stack?.split('\n').filter((line) => line.startsWith('    at '))
  return {
    name: error.name,
    message: isFromDatabase ? `database error ${code}` : error.message,
    ...(code === undefined ? {} : { code }),
    stack: isFromDatabase ? places?.join('\n') : error.stack,
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  }
}
