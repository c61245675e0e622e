import { CommanderError } from 'commander'
import type { Problem } from '../api/contract/problem.ts'
import { ApiFailure } from './server/api-client.ts'
import { CommandFailure, exitCodes, type CommandCode, type ExitCode } from './exit-codes.ts'

/** What a command that was asked for `--json` prints when it fails before it has printed its document (contract.md). */
export type ProblemDocument = {
  readonly error: {
    /** Of the server, or one of `commandCodes`; docs/reference/failures.md lists both. */
    readonly code: string
    /** What the server answered; null when the command failed by itself. */
    readonly status: number | null
    readonly detail: string
    /** Under which the log of the API has it; null when no API was asked. */
    readonly requestId: string | null
    /** Where a body or a parameter is wrong, when the server says so. */
    readonly errors?: readonly { readonly path: string; readonly message: string }[]
    /** Of a refused undo: the runs that have to be undone first, the newest first. */
    readonly laterRuns?: Problem['laterRuns']
  }
}

export type CommandEnd = {
  readonly exitCode: ExitCode
  /** What a person reads of it; undefined when that has been said. */
  readonly words: string | undefined
  readonly document: ProblemDocument
}

/** How a command ends whose action, or whose command line, threw this. */
export function describeCommandEnd(error: unknown): CommandEnd {
  // Commander has printed its message and the help by now.
  if (error instanceof CommanderError) {
    const detail =
      error.code === 'commander.help'
        ? 'A command is missing; the help lists them.'
        : error.message.replace(/^error: /, '')
    return end(exitCodes.wrongUsage, undefined, buildProblem('WRONG_USAGE', detail))
  }
  if (error instanceof ApiFailure) return end(error.exitCode, error.message, describeApiFailure(error))
  if (error instanceof CommandFailure) {
    return end(error.exitCode, error.message, buildProblem(error.code, error.message))
  }
  // A defect's own words may hold anything; they are for whoever mends it.
  const words = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const detail = 'The command failed in a way that nobody foresaw; standard error has its words.'
  return end(exitCodes.failed, words, buildProblem('INTERNAL_ERROR', detail))
}

/** A problem that the command has by itself. */
export function buildProblem(code: CommandCode, detail: string): ProblemDocument {
  return { error: { code, status: null, detail, requestId: null } }
}

function describeApiFailure({ code, status, problem, message }: ApiFailure): ProblemDocument {
  const known = status === 0 ? null : status
  if (problem === undefined) return { error: { code, status: known, detail: message, requestId: null } }
  // Read from the network: something between may have made it, with less in it than the type says.
  const told: Partial<Problem> = problem
  return {
    error: {
      code: problem.code,
      status: known,
      detail: told.detail ?? message,
      requestId: told.requestId ?? null,
      ...(told.errors === undefined ? {} : { errors: told.errors }),
      ...(told.laterRuns === undefined ? {} : { laterRuns: told.laterRuns }),
    },
  }
}

function end(exitCode: ExitCode, words: string | undefined, document: ProblemDocument): CommandEnd {
  return { exitCode, words, document }
}
