import type { RunState } from '../domain/import-run.ts'

/**
 * The contract between workflows and activities. Everything here enters a workflow's history: ids, counts, names of
 * limits, never a row and nothing about a person (house.md, trap 4).
 */
export type RunRef = { readonly districtId: string; readonly runId: string }

export type OpenedRun = {
  readonly isTest: boolean
  readonly approveHold: boolean
  /** The same bytes under the same mapping as the last applied run: there is nothing to do. */
  readonly isUnchanged: boolean
}

export type StagedRun = {
  readonly isUsable: boolean
  readonly rowsRead: number
  readonly stagedCount: number
  readonly findings: FindingCounts
}

export type FindingCounts = {
  readonly block: number
  readonly error: number
  readonly warning: number
  readonly info: number
}

export type PlanAction = 'create' | 'update' | 'deactivate' | 'reactivate' | 'unchanged' | 'skip'

export type MetLimit = {
  readonly limit: 'deactivations' | 'updates' | 'errorFindings' | 'idSchemeChange'
  readonly scope: 'district' | 'school'
  readonly schoolId: string | null
  readonly value: number
  readonly max: number
  readonly count: number
}

export type BuiltPlan = {
  readonly actions: Readonly<Record<PlanAction, number>>
  readonly metLimits: readonly MetLimit[]
  /**
   * Which actions a hold keeps back: `deactivations` where only removing people is in doubt (adds and updates go
   * on), `all` where adding or changing is in doubt too, `none` when no limit is met.
   */
  readonly keptBack: 'none' | 'deactivations' | 'all'
}

export type ApplyRequest = RunRef & {
  /** `safe`: creates, updates, reactivations; `deactivations`; or `all`. */
  readonly part: 'safe' | 'deactivations' | 'all'
}

export type AppliedRun =
  | { readonly isStale: false; readonly actions: Readonly<Record<PlanAction, number>> }
  /** The records moved since the plan was made: nothing (more) was applied, stage and plan again. */
  | { readonly isStale: true }

export type ClosedRun = { readonly state: RunState; readonly undoUntil: string | null }

export interface ImportActivities {
  /** Fixes what the run works with (mapping version, input, limits) and moves it to `validating`. */
  openRun(run: RunRef): Promise<OpenedRun>
  /** One streaming pass over the archived input: check, map, digest, stage. Clears what an earlier attempt left. */
  stageRun(run: RunRef): Promise<StagedRun>
  /** Compares what is staged with the records, set-based; stores the plan and its counts; moves to `planned`. */
  buildPlan(run: RunRef): Promise<BuiltPlan>
  /** Moves the run to `held` and stores which limits were met; discards an older held run of the same data type. */
  holdForReview(run: RunRef & { readonly metLimits: readonly MetLimit[] }): Promise<void>
  /** Records a person's decision on a hold in the audit log. */
  recordHoldDecision(run: RunRef & { readonly decision: 'approve' | 'discard'; readonly by: string }): Promise<void>
  /** Applies one part of the plan in batches, each journaled in its own transaction; resumes where it stopped. */
  applyPlan(request: ApplyRequest): Promise<AppliedRun>
  /** Ends the run in its final state, once: counts, alerts, times. `outcome` says why it ends. */
  closeRun(run: RunRef & { readonly outcome: RunOutcome }): Promise<ClosedRun>
}

export type RunOutcome =
  | { readonly kind: 'applied' }
  | { readonly kind: 'tested' }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'discarded'; readonly reason: string }
  | { readonly kind: 'refused' }
  | { readonly kind: 'cancelled'; readonly by: string; readonly reason: string }
  | { readonly kind: 'failed'; readonly code: string }
