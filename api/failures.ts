import type { FailureCode } from '../domain/errors.ts'
import type { Problem } from './contract/problem.ts'

/**
 * The HTTP status of every failure the pipeline foresees, and the API's own refusals. The codes are stable;
 * docs/reference/failures.md is compared with both tables by a test.
 */
export const failureStatus = {
  SOURCE_UNAVAILABLE: 503,
  SOURCE_REFUSED: 422,
  INPUT_REFUSED: 422,
  INPUT_MISSING: 410,
  PLAN_STALE: 409,
  STEP_TOO_SLOW: 504,
  STEP_REPLACED: 409,
  RUN_OVER: 409,
  DISK_FULL: 507,
  DATABASE_UNAVAILABLE: 503,
  RUN_CANCELLED: 409,
} as const satisfies Record<FailureCode, number>

export const refusals = {
  REQUEST_INVALID: { status: 400, title: 'The request is not well formed.' },
  REQUEST_BROKEN_OFF: { status: 400, title: 'The request ended before it was whole.' },
  TOKEN_MISSING: { status: 401, title: 'A valid token is needed.' },
  RIGHT_MISSING: { status: 403, title: 'The token does not carry the right for this.' },
  NOT_FOUND: { status: 404, title: 'There is nothing of that name here.' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'This address takes other methods.' },
  CONFLICT: { status: 409, title: 'This does not fit what is there already.' },
  IDEMPOTENCY_KEY_IN_USE: {
    status: 409,
    title: 'The first request with this idempotency key is still being answered.',
  },
  IDEMPOTENCY_KEY_REUSED: { status: 409, title: 'The idempotency key belongs to another request.' },
  PREREQUISITE_MISSING: { status: 409, title: 'Another data type has to be imported first.' },
  UPLOAD_OFFSET_WRONG: { status: 409, title: 'The upload goes on at another place.' },
  UPLOAD_INCOMPLETE: { status: 409, title: 'The upload is not whole yet.' },
  UNDO_REFUSED: { status: 409, title: 'The run cannot be undone.' },
  LOG_REMOVED: { status: 410, title: 'The log of this run was removed.' },
  CASE_EXPIRED: { status: 410, title: 'The values of this case are kept no more.' },
  CHANGED_SINCE: { status: 412, title: 'Somebody changed this since it was read.' },
  REQUEST_TOO_LARGE: { status: 413, title: 'The request is too large.' },
  INPUT_TOO_LARGE: { status: 413, title: 'The upload is too large.' },
  RECORD_INVALID: { status: 422, title: 'The record cannot be like that.' },
  SETTINGS_INVALID: { status: 422, title: 'The connector does not accept these settings.' },
  CONFIGURATION_INVALID: { status: 422, title: 'The configuration is not complete.' },
  UPLOAD_MISMATCH: { status: 422, title: 'The bytes are not those that were announced.' },
  CONDITION_MISSING: { status: 428, title: 'This is changed only by who says what was read.' },
  RATE_LIMITED: { status: 429, title: 'This token asks too often.' },
  NOT_BUILT: { status: 501, title: 'This is not built yet.' },
  WORKERS_UNAVAILABLE: { status: 503, title: 'No worker answers.' },
  WORKFLOWS_UNAVAILABLE: { status: 503, title: 'Temporal does not answer.' },
  INTERNAL_ERROR: { status: 500, title: 'Something failed on our side.' },
} as const satisfies Record<string, { status: number; title: string }>
export type RefusalCode = keyof typeof refusals

export type FieldError = { readonly path: string; readonly message: string }

/** Refuses a request. `detail` says what is wrong and what to do, and holds no value of a person's field. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: RefusalCode
  readonly errors: readonly FieldError[] | undefined

  constructor(code: RefusalCode, detail: string, errors?: readonly FieldError[]) {
    super(detail)
    this.code = code
    this.errors = errors
  }
}

/** The sender left before the request was whole: nobody hears the answer, and nothing failed on our side. */
export function brokenOff(): Refusal {
  return new Refusal('REQUEST_BROKEN_OFF', 'Send it again.')
}

/** METHOD_NOT_ALLOWED with what the address takes instead. */
export class MethodRefusal extends Refusal {
  readonly allowed: readonly string[]

  constructor(allowed: readonly string[]) {
    super('METHOD_NOT_ALLOWED', `It takes ${allowed.join(', ')}.`)
    this.allowed = allowed
  }
}

/** A refusal that holds for so many seconds. */
export class PassingRefusal extends Refusal {
  readonly retryAfterSeconds: number

  constructor(code: 'RATE_LIMITED' | 'IDEMPOTENCY_KEY_IN_USE', detail: string, retryAfterSeconds: number) {
    super(code, detail)
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** CHANGED_SINCE with the fields that are others now. */
export class ChangedRefusal extends Refusal {
  readonly changed: readonly string[]

  constructor(detail: string, changed: readonly string[]) {
    super('CHANGED_SINCE', detail)
    this.changed = changed
  }
}

/** UPLOAD_OFFSET_WRONG with the place where the upload goes on. */
export class OffsetRefusal extends Refusal {
  readonly offset: number

  constructor(offset: number) {
    super('UPLOAD_OFFSET_WRONG', `${offset} bytes are kept: go on with the byte of that number.`)
    this.offset = offset
  }
}

/** UNDO_REFUSED with the runs that have to be undone first, the newest first. */
export class UndoRefusal extends Refusal {
  readonly laterRuns: NonNullable<Problem['laterRuns']>

  constructor(detail: string, laterRuns: NonNullable<Problem['laterRuns']> = []) {
    super('UNDO_REFUSED', detail)
    this.laterRuns = laterRuns
  }
}

/** CHANGED_SINCE with the version there is, and who changed which fields after the one that was given, without values. */
export class StaleRefusal extends Refusal {
  readonly current: Required<Pick<Problem, 'etag' | 'changed' | 'changes'>>

  constructor(detail: string, current: { readonly etag: string; readonly changes: NonNullable<Problem['changes']> }) {
    super('CHANGED_SINCE', detail)
    this.current = { ...current, changed: [...new Set(current.changes.flatMap(({ fields }) => fields))].sort() }
  }
}
