import { proxyActivities } from '@temporalio/workflow'
import type { CaseActivities, ImportActivities, ImportSetActivities, UndoActivities } from '../activities/interface.ts'

/** Every duration a run waits for, in milliseconds. An input of the workflow, so that tests pass short ones. */
export type RunTimings = {
  /** How long a held run waits for a person before it is discarded. */
  readonly reviewMs: number
  /** Silence after which a long step counts as dead; without it the worker's setting holds. */
  readonly heartbeatMs: number
  /** First, and longest, pause between two tries to be the one that applies. */
  readonly turnPollMs: number
  readonly turnPollMaxMs: number
  /** How long a run waits for its turn to apply before it gives up. */
  readonly turnWaitMs: number
  /** How long a run listens for decisions about its duplicate cases, and how often it looks whether any are left. */
  readonly casesMs: number
  readonly casesPollMs: number
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

export const defaultTimings: Omit<RunTimings, 'heartbeatMs'> = {
  reviewMs: 14 * day,
  turnPollMs: 500,
  turnPollMaxMs: 30 * second,
  turnWaitMs: day,
  casesMs: 30 * day,
  casesPollMs: day,
}

/** A plan may turn out stale this often before the run gives up: something else keeps writing. */
export const maxPlanRounds = 5

/**
 * Attempts are not limited here: a database that is away comes back, and the run goes on by itself. A defect is made
 * final by the translator of failures (activities/to-activity-failure.ts), which knows the kind of failure.
 */
const retry = { initialInterval: second, backoffCoefficient: 2, maximumInterval: 20 * second } as const

/**
 * A run that is cancelled must not be closed while a step still writes. This is not the SDK's default, whatever its
 * documentation says: 1.24.0 reports the cancellation at once and lets the activity go on.
 */
const cancellationType = 'WAIT_CANCELLATION_COMPLETED'

/** The end of a run looks through its records: what ends that sooner is the time limit of its statements. */
const shortStepMs = hour

/**
 * Short reads and writes. They beat like the long ones: without that a step whose worker was killed would be missed
 * only after its five minutes, and the run would stand still for as long.
 */
export const steps = proxyActivities<
  Pick<ImportActivities, 'openRun' | 'holdForReview' | 'recordHoldDecision' | 'listOlderHeldRuns' | 'closeRun'>
>({
  startToCloseTimeout: shortStepMs,
  scheduleToCloseTimeout: 7 * day,
  heartbeatTimeout: 10 * second,
  retry,
  cancellationType,
})

/** Steps that may run for hours; each beats, so that a dead worker is noticed after `heartbeatMs`. */
export function longSteps(heartbeatMs: number): Pick<ImportActivities, 'stageRun' | 'buildPlan' | 'applyPlan'> {
  return proxyActivities<Pick<ImportActivities, 'stageRun' | 'buildPlan' | 'applyPlan'>>({
    startToCloseTimeout: 12 * hour,
    scheduleToCloseTimeout: 7 * day,
    heartbeatTimeout: heartbeatMs,
    retry,
    cancellationType,
  })
}

/** Short reads and writes of an import set; opening it looks into the input's directory. */
export const setSteps = proxyActivities<ImportSetActivities>({
  startToCloseTimeout: shortStepMs,
  scheduleToCloseTimeout: 7 * day,
  heartbeatTimeout: 10 * second,
  retry,
  cancellationType,
})

/** The steps of an undo window. What it does it does to the end: nobody is helped by half an undo. */
export const undoSteps = proxyActivities<
  Pick<UndoActivities, 'openUndo' | 'closeUndo' | 'openUndoThrough' | 'closeUndoThrough'>
>({
  startToCloseTimeout: shortStepMs,
  scheduleToCloseTimeout: 7 * day,
  heartbeatTimeout: 10 * second,
  retry,
  cancellationType,
})

export function longUndoSteps(heartbeatMs: number): Pick<UndoActivities, 'carryOutUndo' | 'purgeJournal'> {
  return proxyActivities<Pick<UndoActivities, 'carryOutUndo' | 'purgeJournal'>>({
    startToCloseTimeout: 12 * hour,
    scheduleToCloseTimeout: 7 * day,
    heartbeatTimeout: heartbeatMs,
    retry,
    cancellationType,
  })
}

export const caseSteps = proxyActivities<CaseActivities>({
  startToCloseTimeout: 5 * minute,
  scheduleToCloseTimeout: 7 * day,
  heartbeatTimeout: 10 * second,
  retry,
  cancellationType,
})
