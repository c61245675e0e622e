import { failures, RollbookFailure } from '../domain/errors.ts'
import type { Problem } from './contract/problem.ts'
import { failureStatus, Refusal, refusals } from './failures.ts'

/** Network and server states in which PostgreSQL is away for a moment, and one in which it has no room. */
const databaseAway = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', '57P01', '57P02', '57P03', '08006', '08001'])
const diskFull = '53100'

/** The one translator from what was thrown to what the caller reads. A defect's own text stays in the log. */
export function toProblem(error: unknown, requestId: string): Problem {
  if (error instanceof Refusal) {
    const { status, title } = refusals[error.code]
    const problem = buildProblem(error.code, status, title, error.message, requestId)
    return error.errors === undefined ? problem : { ...problem, errors: [...error.errors] }
  }
  const failure = error instanceof RollbookFailure ? error : findDatabaseFailure(error)
  if (failure !== undefined) {
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

function findDatabaseFailure(error: unknown): RollbookFailure | undefined {
  if (!(error instanceof Error)) return undefined
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (code === diskFull) return new RollbookFailure('DISK_FULL')
  // pg gives a broken or refused connection no code of its own in some paths, only these words.
  const isAway = databaseAway.has(code) || /Connection terminated|connection timeout/i.test(error.message)
  return isAway ? new RollbookFailure('DATABASE_UNAVAILABLE') : undefined
}
