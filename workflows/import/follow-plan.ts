import { condition, patched, sleep } from '@temporalio/workflow'
import type { MetLimit } from '../../domain/plan/met-limit.ts'
import type { ApplyPart, BuiltPlan, OpenedRun, RunOutcome, RunRef } from '../../activities/interface.ts'
import type { FetchedInput } from '../../activities/schedule-interface.ts'
import { announceEvents } from '../notify/announce-events.ts'
import { longSteps, maxPlanRounds, steps, type RunTimings } from '../activity-options.ts'
import { applyInTurn } from './apply-in-turn.ts'
import type { RunProgress } from './describe-run.ts'
import { fetchingSteps } from '../schedule/schedule-steps.ts'
import { isWorsePlan } from './is-worse-plan.ts'
import type { RunDesk } from './run-desk.ts'
import { supersededReason, supersedeOlderRuns } from './supersede-older-runs.ts'
import { tellParent } from './tell-parent.ts'
import { waitForOlder } from './wait-for-older.ts'

export type ImportWork = {
  readonly run: RunRef
  readonly input: { readonly district: string; readonly dataType: string; readonly fetchesInput?: boolean }
  readonly desk: RunDesk
  readonly timings: Omit<RunTimings, 'heartbeatMs'> & Partial<RunTimings>
  readonly show: (change: Partial<RunProgress>) => void
}

/** Undefined: the plan is stale, stage and plan again. */
type EndOrAgain = RunOutcome | undefined

/**
 * The order of a run: open, stage, plan, then hold and apply as the plan asks. When the records moved since the plan
 * was made it starts again from the archived input, and asks a person again only if that made the plan worse than what
 * was approved.
 */
export async function followPlan(work: ImportWork): Promise<RunOutcome> {
  const { run, show } = work
  let approved: readonly MetLimit[] | undefined
  const approve = (limits: readonly MetLimit[]): void => {
    approved = limits
  }

  if (work.input.fetchesInput === true) {
    await fetchWhenWhole(work)
  }
  for (let round = 1; round <= maxPlanRounds; round++) {
    const opened = await openInTurn(work)
    if (opened === undefined) return { kind: 'cancelled', by: 'rollbook', reason: 'an older undo would not end' }
    if (opened.supersededBy !== undefined) return { kind: 'discarded', reason: supersededReason(opened.supersededBy) }
    if (opened.isUnchanged) return { kind: 'unchanged' }
    const long = longSteps(work.timings.heartbeatMs ?? opened.heartbeatMs)

    show({ state: 'validating', step: 'Reading and checking the input', metLimits: [] })
    if (opened.isResolution !== true) {
      const staged = await long.stageRun(run)
      show({ rowsRead: staged.rowsRead, findings: staged.findings })
      if (!staged.isUsable) return { kind: 'refused' }
    }

    show({ step: 'Comparing with the records' })
    const plan = await long.buildPlan(run)
    show({ state: 'planned', step: 'The plan is made', planned: plan.actions })
    if (opened.isTest) return { kind: 'tested' }

    const end = await followOnePlan(work, opened, plan, approved, approve)
    if (end !== undefined) return end
    show({ step: 'The records moved since the plan was made; it is made again' })
  }
  return { kind: 'failed', code: 'PLAN_STALE' }
}

/** A step that waited for an upload to be whole would keep the inputs of others from being fetched. */
async function fetchWhenWhole({ run, show }: ImportWork): Promise<void> {
  for (;;) {
    show({ step: 'Fetching the input from the source' })
    // Earlier releases gave nothing back.
    const fetched: FetchedInput | null | undefined = await fetchingSteps().fetchInput(run)
    if (fetched?.waitMs === undefined) return
    show({ step: 'Waiting for the package at the source to be whole (rule Z-14)' })
    await sleep(fetched.waitMs)
  }
}

function openInTurn({ run, timings, show }: ImportWork): Promise<OpenedRun | undefined> {
  return waitForOlder(
    timings,
    () => steps.openRun(run),
    ({ waitsFor }) => waitsFor,
    (older) => show({ step: `Waiting for the undo ${older}, which was asked for before` }),
  )
}

async function followOnePlan(
  work: ImportWork,
  opened: OpenedRun,
  plan: BuiltPlan,
  approved: readonly MetLimit[] | undefined,
  approve: (limits: readonly MetLimit[]) => void,
): Promise<EndOrAgain> {
  const { run } = work
  if (plan.keptBack === 'none') return applyPart(work, opened, 'all')
  if (opened.approveHold) {
    await steps.recordHoldDecision({ ...run, decision: 'approve', by: 'approved when the run was started' })
    return applyPart(work, opened, 'all')
  }
  if (approved !== undefined && !isWorsePlan(approved, plan.metLimits)) return applyPart(work, opened, 'all')

  const isSafePartFree = plan.keptBack === 'deactivations'
  if (isSafePartFree) {
    const safe = await applyPart(work, opened, 'safe')
    if (safe?.kind !== 'applied') return safe
  }
  const refusal = await reviewHold(work, plan)
  if (refusal !== undefined) return refusal
  approve(plan.metLimits)
  return applyPart(work, opened, isSafePartFree ? 'deactivations' : 'all')
}

/** Waits for a person; undefined when the plan was approved. */
async function reviewHold(work: ImportWork, plan: BuiltPlan): Promise<RunOutcome | undefined> {
  const { run, desk, timings, show } = work
  // From here, not from the row being `held`: whoever sees that row may answer before this workflow hears of it.
  desk.decision = undefined
  desk.supersededBy = undefined
  desk.isAsking = true
  const reviewUntil = new Date(Date.now() + timings.reviewMs).toISOString()
  const held = await steps.holdForReview({ ...run, metLimits: plan.metLimits })
  if (held?.supersededBy !== undefined) {
    desk.isAsking = false
    return { kind: 'discarded', reason: supersededReason(held.supersededBy) }
  }
  show({ state: 'held', step: 'Waiting for a decision', metLimits: plan.metLimits, reviewUntil })
  await tellParent(run.runId)
  await supersedeOlderRuns(run)
  if (patched('announce-hold')) await announceEvents(run.districtId)

  await condition(() => desk.decision !== undefined || desk.supersededBy !== undefined, timings.reviewMs, {
    summary: `review, until ${reviewUntil}`,
  })
  desk.isAsking = false
  show({ reviewUntil: undefined })
  // Read again after the wait: the compiler still believes what was set before it.
  const { decision, supersededBy } = desk as Readonly<RunDesk>
  if (decision === undefined) {
    return {
      kind: 'discarded',
      reason: supersededBy === undefined ? `nobody decided until ${reviewUntil}` : supersededReason(supersededBy),
    }
  }
  await steps.recordHoldDecision({ ...run, decision: decision.decision, by: decision.by })
  return decision.decision === 'approve' ? undefined : { kind: 'discarded', reason: `discarded by ${decision.by}` }
}

async function applyPart(work: ImportWork, opened: OpenedRun, part: ApplyPart): Promise<EndOrAgain> {
  const { run, input, desk, show } = work
  const timings = { ...work.timings, heartbeatMs: work.timings.heartbeatMs ?? opened.heartbeatMs }
  show({ state: 'applying', step: part === 'safe' ? 'Adding and updating; deactivations wait' : 'Applying the plan' })
  const turn = {
    district: input.district,
    dataType: input.dataType,
    timings,
    onWait: () => {
      show({ step: `Waiting for another import of ${input.dataType} to finish applying` })
    },
  }
  const applied = await waitForOlder(
    timings,
    () => applyInTurn({ ...run, part, heartbeatMs: timings.heartbeatMs }, turn),
    (answer) => (answer.kind === 'waits' ? answer.forRunId : undefined),
    (older) => show({ step: `Waiting for the older run ${older}: this input only says what changed since` }),
  )
  switch (applied?.kind) {
    case 'applied':
      show({ applied: applied.actions, step: 'Applied' })
      return { kind: 'applied' }
    case 'stopped':
      show({ applied: applied.actions })
      return {
        kind: 'cancelled',
        by: desk.cancellation?.by ?? 'temporal',
        reason: desk.cancellation?.reason ?? 'the workflow was cancelled in Temporal',
      }
    case 'stale':
      return undefined
    case 'superseded':
      return { kind: 'discarded', reason: supersededReason(applied.byRunId) }
    case 'waits':
    case 'busy':
    case undefined:
      return { kind: 'cancelled', by: 'rollbook', reason: 'another import of the same data type would not end' }
  }
}
