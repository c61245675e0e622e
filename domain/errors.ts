/** What the pipeline does next when a step fails. */
export type FailureAction = 'retry' | 'stop-run'

/**
 * The failures we foresee, with their stable codes. docs/reference/failures.md is compared with this table.
 * A failure's text names what, where and what to do, and no value of anybody's record.
 */
export const failures = {
  SOURCE_UNAVAILABLE: { action: 'retry', text: 'The source did not answer, or is busy.' },
  SOURCE_REFUSED: { action: 'stop-run', text: 'The source refused us, or the connection settings are wrong.' },
  INPUT_REFUSED: { action: 'stop-run', text: 'The package cannot be used; its findings say why.' },
  INPUT_MISSING: { action: 'stop-run', text: 'The archived input of the run is no longer kept.' },
  PLAN_STALE: { action: 'stop-run', text: 'The records moved since the plan was made; it is made again.' },
  DISK_FULL: { action: 'retry', text: 'The database has no space left; the run goes on when there is room.' },
  DATABASE_UNAVAILABLE: { action: 'retry', text: 'The database did not answer; the run goes on when it is back.' },
  STEP_TOO_SLOW: {
    action: 'stop-run',
    text: 'A statement took far longer than so many rows need, and did so again after the tables were counted anew.',
  },
  STEP_REPLACED: { action: 'retry', text: 'Another attempt at this step has taken over.' },
  RUN_OVER: { action: 'stop-run', text: 'The run is over, and nothing of it is done again.' },
  RUN_CANCELLED: { action: 'stop-run', text: 'Somebody cancelled the run.' },
} as const satisfies Record<string, { action: FailureAction; text: string }>
export type FailureCode = keyof typeof failures

/** A foreseen failure. Anything else thrown is a defect of ours: retried, then failed. */
export class RollbookFailure extends Error {
  override readonly name = 'RollbookFailure'
  readonly code: FailureCode

  constructor(code: FailureCode, detail?: string, options?: ErrorOptions) {
    super(detail === undefined ? failures[code].text : `${failures[code].text} ${detail}`, options)
    this.code = code
  }

  get action(): FailureAction {
    return failures[this.code].action
  }
}
