import { ApplicationFailure, CancelledFailure } from '@temporalio/common'
import { findDatabaseTrouble } from '../db/engine/find-database-trouble.ts'
import { failures, RollbookFailure, type FailureCode } from '../domain/errors.ts'

/** The code of a failure that nobody foresaw. */
const unforeseenCode = 'INTERNAL_ERROR'

/** The worker was shut down in the middle of the step. */
const stoppedCode = 'WORKER_STOPPED'

/** A defect fails again however often it is tried; the first tries are for what only looks like one. */
const triesOfADefect = 8

/**
 * The one translator of what an activity throws into what Temporal does next. A failure enters the
 * run's history and the Temporal UI, so only our own words go on: PostgreSQL's messages can quote the values of a row.
 *
 * `attempt` counts from 1. A foreseen failure is final or is tried again as its code says; losing the database, in
 * whatever way, is tried again; anything else is a defect, tried a few times and then final.
 */
export function toActivityFailure(error: unknown, attempt: number): Error {
  if (error instanceof ApplicationFailure) return error
  // Nobody cancelled the run, or this would not be asked: the worker is stopping, another one goes on.
  if (error instanceof CancelledFailure) return ApplicationFailure.retryable('The worker stopped.', stoppedCode)
  if (error instanceof RollbookFailure) return failureOf(error.code, error.message)
  const code = findDatabaseTrouble(error)
  if (code !== undefined) return failureOf(code, `${failures[code].text}${describeState(error)}`)
  const message = `An unforeseen error, ${describeDefect(error)}; the log of the worker has more.`
  return attempt >= triesOfADefect
    ? ApplicationFailure.nonRetryable(message, unforeseenCode)
    : ApplicationFailure.retryable(message, unforeseenCode)
}

function failureOf(code: FailureCode, message: string): ApplicationFailure {
  return failures[code].action === 'retry'
    ? ApplicationFailure.retryable(message, code)
    : ApplicationFailure.nonRetryable(message, code)
}

function stateOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

function describeState(error: unknown): string {
  const state = error instanceof Error ? stateOf(error) : undefined
  return state === undefined ? '' : ` (${state})`
}

/** What names a defect without quoting anybody's record: its kind and its code. */
function describeDefect(error: unknown): string {
  if (!(error instanceof Error)) return 'something thrown that is no error'
  const state = stateOf(error)
  return state === undefined ? error.name : `${error.name} with code ${state}`
}

const framesKept = 8

/** Where in the code an error arose, without its message, which may quote a value. */
export function listFrames(error: unknown): string[] {
  if (!(error instanceof Error)) return []
  const frames = (error.stack ?? '').split('\n').map((line) => line.trim())
  return frames.filter((line) => line.startsWith('at ')).slice(0, framesKept)
}
