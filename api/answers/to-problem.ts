import { HTTPException } from 'hono/http-exception'
import { findDatabaseTrouble } from '../../db/engine/find-database-trouble.ts'
import { failures, RollbookFailure } from '../../domain/errors.ts'
import type { Problem } from '../contract/problem.ts'
import {
  ChangedRefusal,
  failureStatus,
  MethodRefusal,
  OffsetRefusal,
  PassingRefusal,
  Refusal,
  refusals,
  StaleRefusal,
  UndoRefusal,
} from '../failures.ts'

/** The one translator from what was thrown to what the caller reads. A defect's own text stays in the log. */
export function toProblem(error: unknown, requestId: string): Problem {
  if (error instanceof Refusal) {
    const { status, title } = refusals[error.code]
    const problem = buildProblem(error.code, status, title, error.message, requestId)
    if (error instanceof UndoRefusal && error.laterRuns.length > 0) return { ...problem, laterRuns: error.laterRuns }
    if (error instanceof StaleRefusal) return { ...problem, ...error.current }
    if (error instanceof ChangedRefusal) return { ...problem, changed: [...error.changed] }
    if (error instanceof OffsetRefusal) return { ...problem, offset: error.offset }
    return error.errors === undefined ? problem : { ...problem, errors: [...error.errors] }
  }
  // What the framework refuses by itself: a body that is no JSON.
  if (error instanceof HTTPException && error.status < 500) {
    const { status, title } = refusals.REQUEST_INVALID
    return buildProblem('REQUEST_INVALID', status, title, 'The body is no JSON that can be read.', requestId)
  }
  const trouble = findDatabaseTrouble(error)
  const failure = error instanceof RollbookFailure || trouble === undefined ? error : new RollbookFailure(trouble)
  if (failure instanceof RollbookFailure) {
    const { code } = failure
    return buildProblem(code, failureStatus[code], failures[code].text, failure.message, requestId)
  }
  const { status, title } = refusals.INTERNAL_ERROR
  return buildProblem(
    'INTERNAL_ERROR',
    status,
    title,
    `Look for request ${requestId} in the log of the API.`,
    requestId,
  )
}

function buildProblem(code: string, status: number, title: string, detail: string, requestId: string): Problem {
  return { type: `urn:rollbook:failure:${code}`, title, status, detail, code, requestId }
}

/** What the headers of a refusal say besides its document. */
export function listRefusalHeaders(error: unknown): Record<string, string> {
  if (error instanceof MethodRefusal) return { allow: error.allowed.join(', ') }
  if (error instanceof OffsetRefusal) return { 'upload-offset': String(error.offset) }
  if (error instanceof PassingRefusal) return { 'retry-after': String(error.retryAfterSeconds) }
  return {}
}
