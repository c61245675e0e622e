import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  condition,
  patched,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow'
import type { ClosedRun, RunOutcome, RunRef } from '../../activities/interface.ts'
import type { RunState, ShownRun } from '../../domain/import-run.ts'
import { announceEvents } from '../notify/announce-events.ts'
import { defaultTimings, steps, type RunTimings } from '../activity-options.ts'
import { failures, type FailureCode } from '../../domain/errors.ts'
import { describeRun, startedProgress, type RunProgress } from './describe-run.ts'
import { followPlan } from './follow-plan.ts'
import { statusQuery } from '../messages.ts'
import { openRunDesk } from './run-desk.ts'
import { startUndoWindow } from '../undo/start-undo-window.ts'
import { tellParent } from './tell-parent.ts'
import { supersedeOlderRuns } from './supersede-older-runs.ts'
import { awaitResolution } from '../resolution/await-resolution.ts'
import { openCaseDesk } from '../resolution/case-desk.ts'
import { toOutcome } from './to-outcome.ts'

export type RunImportInput = RunRef & {
  /** The district's slug: part of the workflow ids and a search attribute. */
  readonly district: string
  readonly dataType: string
  /** The input is still at the connection's source, and is fetched first. */
  readonly fetchesInput?: boolean
  readonly timings?: Partial<RunTimings>
}

/**
 * One import run from its archived input to its final state: open, stage, plan, and then what
 * the plan asks for. Only ids and counts pass through here. However the work ends, the run is closed in the database:
 * the row there is the truth, and this workflow is what moves it.
 */
export async function runImport(input: RunImportInput): Promise<ClosedRun> {
  const { districtId, runId } = input
  const run: RunRef = { districtId, runId }
  const work = new CancellationScope()
  const progress = startedProgress()
  const show = (change: Partial<RunProgress>): void => {
    // With another step begun the trouble of the one before is over.
    showProgress(progress, change.step === undefined ? change : { trouble: undefined, ...change })
  }

  const desk = openRunDesk(runId, {
    onCancel: () => work.cancel(),
    onTrouble: (trouble) => show({ trouble: trouble ?? undefined }),
    onIgnored: (message) => show({ ignoredMessages: [...progress.ignoredMessages, message].slice(-maxIgnored) }),
  })
  const cases = openCaseDesk(run, (message) =>
    show({ ignoredMessages: [...progress.ignoredMessages, message].slice(-maxIgnored) }),
  )
  setHandler(
    statusQuery,
    () => ({
      runId,
      state: progress.state,
      details: describeRun(progress),
      metLimits: progress.metLimits,
      reviewUntil: progress.reviewUntil ?? null,
      ignoredMessages: progress.ignoredMessages,
    }),
    { description: 'State of the run, counts, what to do next' },
  )
  show({})

  let outcome: RunOutcome
  try {
    outcome = await work.run(() =>
      followPlan({ run, input, desk, show, timings: { ...defaultTimings, ...input.timings } }),
    )
  } catch (error) {
    outcome = toOutcome(error, desk.cancellation)
  }
  desk.isClosing = true

  const closed = await CancellationScope.nonCancellable(async () => {
    show({ step: 'Closing the run', reason: reasonOf(outcome), failure: failureOf(outcome) })
    const ended = await steps.closeRun({ ...run, outcome })
    show({ state: ended.state, step: 'The run is over', metLimits: [], reviewUntil: undefined })
    await tellParent(runId)
    // What changed nothing is no news and can wait for the sweep; runs that change nothing are most runs.
    if (isNews(outcome) && patched('announce-end')) await announceEvents(districtId)
    // Runs of the first release have no such child. To be removed two releases after the one that brings undo.
    if (ended.undoUntil !== null && patched('undo-window')) {
      const { district, dataType } = input
      await startUndoWindow({ ...run, district, dataType, undoUntil: ended.undoUntil })
    }
    if (takesThePlaceOfOthers(outcome)) await supersedeOlderRuns(run)
    await condition(allHandlersFinished)
    return ended
  })

  if ((closed.openCases ?? 0) > 0 && outcome.kind === 'applied' && patched('await-resolution')) {
    await awaitResolution(run, cases, { ...defaultTimings, ...input.timings }, show)
  }
  if (outcome.kind === 'failed') throw ApplicationFailure.nonRetryable(describeStop(outcome.code), outcome.code)
  if (work.parent?.consideredCancelled === true) throw new CancelledFailure('the workflow was cancelled in Temporal')
  return closed
}

const maxIgnored = 10

/** Only a run whose input is now the last word about the district. */
function takesThePlaceOfOthers(outcome: RunOutcome): boolean {
  return outcome.kind === 'applied' || outcome.kind === 'unchanged'
}

function isNews({ kind }: RunOutcome): boolean {
  return kind !== 'unchanged' && kind !== 'tested'
}

function failureOf(outcome: RunOutcome): ShownRun['failure'] {
  switch (outcome.kind) {
    case 'cancelled':
      return { code: 'RUN_CANCELLED', by: outcome.by }
    case 'refused':
      return { code: 'INPUT_REFUSED' }
    case 'failed':
      return { code: outcome.code }
    case 'applied':
    case 'tested':
    case 'unchanged':
    case 'discarded':
      return null
  }
}

/** For whoever looks at the workflow alone. */
function describeStop(code: string): string {
  const text = code in failures ? ` ${failures[code as FailureCode].text}` : '' // looked for just before
  return `the run was stopped: ${code}.${text}`
}

function reasonOf(outcome: RunOutcome): string | undefined {
  switch (outcome.kind) {
    case 'discarded':
      return outcome.reason
    case 'cancelled':
      return `cancelled by ${outcome.by}: ${outcome.reason}`
    case 'failed':
      return outcome.code
    case 'refused':
      return 'the input cannot be used; see the findings of the run'
    case 'applied':
    case 'tested':
    case 'unchanged':
      return undefined
  }
}

function showProgress(progress: RunProgress, change: Partial<RunProgress>): void {
  const before: { state: RunState; limits: number } = { state: progress.state, limits: progress.metLimits.length }
  Object.assign(progress, change)
  setCurrentDetails(describeRun(progress))
  if (progress.state !== before.state) {
    upsertSearchAttributes([{ key: { name: 'RollbookState', type: 'KEYWORD' }, value: progress.state }])
  }
  if (progress.metLimits.length !== before.limits) {
    upsertSearchAttributes([{ key: { name: 'RollbookHeldLimits', type: 'INT' }, value: progress.metLimits.length }])
  }
}
