/** A step of a run that does not get on, as Temporal tells of it. */
export type RunTrouble = {
  /** Name of the activity; `workflow` where it is the workflow's own code that fails. */
  readonly step: string
  /** How often it has failed without having been given up; 0 where no worker has taken it yet. */
  readonly attempts: number
  /** Of the last failure (docs/reference/failures.md), `TIMED_OUT` when nothing was heard of it, `NO_WORKER`. */
  readonly code: string
  /** Our own words for the failure; nothing about a person. */
  readonly detail: string
  /** When it is tried again, ISO 8601; null while it is at it, and where nobody can know. */
  readonly nextTryAt: string | null
}

/** The signal by which the watchdog shows a run's trouble in Temporal's UI: `{ "trouble": … }`, null when it is over. */
export const troubleSignal = 'stepTrouble'

/** What the watchdog says of a step that is at work and does not get on. */
export const standsStill = 'STANDS_STILL'

/** A step that a worker is at. */
export type StepAtWork = { readonly step: string; readonly startedAt: Date }

type Timestamp = { readonly seconds?: unknown } | null | undefined

/** What of Temporal's description of a workflow is looked at; times count from 1970, in seconds. */
export type PendingWork = {
  readonly pendingActivities?:
    | readonly {
        readonly activityType?: { readonly name?: string | null } | null
        readonly attempt?: number | null
        readonly scheduledTime?: Timestamp
        readonly lastStartedTime?: Timestamp
        readonly state?: number | null
        readonly lastFailure?: {
          readonly message?: string | null
          readonly applicationFailureInfo?: { readonly type?: string | null } | null
        } | null
      }[]
    | null
  readonly pendingWorkflowTask?: { readonly attempt?: number | null } | null
  readonly pendingChildren?:
    readonly { readonly workflowId?: string | null; readonly workflowTypeName?: string | null }[] | null
}

/** What applies, or takes back, has a workflow of its own, for which the run waits (workflows/import/apply-in-turn.ts). */
const partTypes: ReadonlySet<string> = new Set(['applyImport', 'applyUndo'])

/**
 * The run and the workflows in which a part of it is being done, as if they were one: what those wait for the run waits
 * for. `describe` asks Temporal for one of them; one that has ended since has no part in it any more.
 */
export async function joinParts(
  work: PendingWork,
  describe: (workflowId: string) => Promise<{ readonly raw: PendingWork }>,
): Promise<PendingWork> {
  const ids = (work.pendingChildren ?? []).flatMap(({ workflowId, workflowTypeName }) =>
    partTypes.has(workflowTypeName ?? '') && workflowId ? [workflowId] : [],
  )
  const found = await Promise.allSettled(ids.map(describe))
  const all = [work, ...found.flatMap((one) => (one.status === 'fulfilled' ? [one.value.raw] : []))]
  return {
    pendingActivities: all.flatMap(({ pendingActivities }) => pendingActivities ?? []),
    pendingWorkflowTask: { attempt: Math.max(...all.map((each) => each.pendingWorkflowTask?.attempt ?? 1)) },
  }
}

/** Temporal's number for an activity that a worker is at. */
const startedState = 2
/** A worker that is there takes a step at once, unless all its places are taken. */
const noWorkerMs = 20_000

/** The trouble that has lasted longest; undefined when nothing of the workflow has failed and nothing waits for a worker. */
export function findRunTrouble(work: PendingWork, now: Date): RunTrouble | undefined {
  const taskFailures = (work.pendingWorkflowTask?.attempt ?? 1) - 1
  const workflow: RunTrouble | undefined =
    taskFailures <= 0
      ? undefined
      : {
          step: 'workflow',
          attempts: taskFailures,
          code: 'INTERNAL_ERROR',
          detail: 'The workflow of the run fails in its own code; the log of the worker has more.',
          nextTryAt: null,
        }
  const steps = (work.pendingActivities ?? []).map((activity): RunTrouble | undefined => {
    const step = activity.activityType?.name ?? 'unknown'
    const attempts = (activity.attempt ?? 1) - 1
    const scheduledAt = toDate(activity.scheduledTime)
    const isStarted = activity.state === startedState
    if (attempts > 0) {
      const code = activity.lastFailure?.applicationFailureInfo?.type ?? timedOut
      const detail = code === timedOut ? silence : (activity.lastFailure?.message ?? '')
      const nextTryAt = isStarted || scheduledAt === undefined ? null : scheduledAt.toISOString()
      return { step, attempts, code, detail, nextTryAt }
    }
    if (isStarted || scheduledAt === undefined || now.getTime() - scheduledAt.getTime() < noWorkerMs) return undefined
    return { step, attempts: 0, code: noWorker, detail: nobodyTakesIt, nextTryAt: null }
  })
  return [workflow, ...steps].filter((one) => one !== undefined).toSorted((a, b) => b.attempts - a.attempts)[0]
}

/** The step that has been at work longest, if any is. */
export function findStepAtWork({ pendingActivities }: PendingWork): StepAtWork | undefined {
  return (pendingActivities ?? [])
    .flatMap(({ state, activityType, lastStartedTime }) => {
      const startedAt = toDate(lastStartedTime)
      if (state !== startedState || startedAt === undefined) return []
      return [{ step: activityType?.name ?? 'unknown', startedAt }]
    })
    .toSorted((a, b) => a.startedAt.getTime() - b.startedAt.getTime())[0]
}

const timedOut = 'TIMED_OUT'
const noWorker = 'NO_WORKER'
const silence = 'Nothing was heard of the step any more: its worker was stopped, or has too much to do.'
const nobodyTakesIt = 'No worker has taken the step: none is running, or all are at other runs.'

function toDate(time: Timestamp): Date | undefined {
  // The client has 64-bit numbers as objects, which become digits and so a number.
  const seconds = Number(time?.seconds ?? Number.NaN)
  return Number.isFinite(seconds) ? new Date(seconds * 1000) : undefined
}

const stepWords: Readonly<Record<string, string>> = {
  workflow: 'the workflow',
  openRun: 'opening the run',
  fetchInput: 'fetching the input from the source',
  stageRun: 'reading and checking the input',
  buildPlan: 'comparing with the records',
  holdForReview: 'holding the run for review',
  recordHoldDecision: 'writing the decision down',
  applyPlan: 'applying the plan',
  closeRun: 'closing the run',
  carryOutUndo: 'taking the run back',
  openUndo: 'opening the undo',
  closeUndo: 'closing the undo',
  announceEvents: 'making the notifications',
}

/** The step in words, for "… fails". */
export function describeStep(step: string): string {
  return stepWords[step] ?? step
}

const advice: Readonly<Record<string, string>> = {
  SOURCE_UNAVAILABLE: 'look at the source; `rollbook connection test <connection>` says what it answers now',
  DATABASE_UNAVAILABLE: 'bring PostgreSQL back; the run goes on by itself',
  DISK_FULL: 'make room on the disk of PostgreSQL; the run goes on by itself',
  TIMED_OUT: 'look whether the workers are running and have processor time left',
  NO_WORKER: 'start a worker, or wait until one is free',
  STANDS_STILL:
    'wait for the time limit of its statements, or end it with `rollbook run cancel`; the log of PostgreSQL says more',
  WORKER_STOPPED: 'nothing while a worker is restarted; it goes on where it was',
}

/** In one line: what does not get on, why, and when it is tried again. */
export function describeTrouble({ step, attempts, detail, code, nextTryAt }: RunTrouble): string {
  const words = describeStep(step)
  const what =
    attempts === 0
      ? `${words}: does not get on`
      : `${words}: failed ${attempts === 1 ? 'once' : `${attempts} times`} and is tried again`
  const next = nextTryAt === null ? '' : `; next try ${nextTryAt}`
  return `${what}. ${detail} [${code}]${next}`
}

/** What to do about a step that failed with this code. */
export function adviseOn(code: string): string {
  return advice[code] ?? 'look at the log of the worker, and report it; `rollbook run cancel` ends the run'
}
