import type { RunState } from '../domain/import-run.ts'
import type { CaseDecision, DecidedCases } from '../domain/duplicate-case.ts'
import type { FindingCounts } from '../domain/import-rules/finding.ts'
import type { KeptBack, MetLimit } from '../domain/plan/met-limit.ts'
import type { ActionCounts, AppliedPart } from '../domain/plan/plan-action.ts'

/**
 * The contract between workflows and activities. Everything here enters a workflow's history: ids, counts, names of
 * limits, never a row and nothing about a person.
 */
export type RunRef = { readonly districtId: string; readonly runId: string }

export type OpenedRun = {
  readonly isTest: boolean
  readonly approveHold: boolean
  /** The same bytes under the same mapping as the last applied run: there was nothing to do, and the run is over. */
  readonly isUnchanged: boolean
  /** A newer import took this one's place. Like the next one absent where nothing is in the way. */
  readonly supersededBy?: string
  /** An undo that was asked for before this run: to be opened again when that is carried out. */
  readonly waitsFor?: string
  /** It carries decisions out and has no input to read; absent in what the first release wrote. */
  readonly isResolution?: boolean
  /** How long a long step of this installation may be silent before it counts as dead (a setting of the worker). */
  readonly heartbeatMs: number
}

export type StagedRun = {
  readonly isUsable: boolean
  readonly rowsRead: number
  readonly stagedCount: number
  readonly findings: FindingCounts
}

export type BuiltPlan = {
  readonly actions: ActionCounts
  readonly metLimits: readonly MetLimit[]
  readonly keptBack: KeptBack
}

/** `all`: both parts in one go. */
export type ApplyPart = AppliedPart | 'all'

export type ApplyRequest = RunRef & { readonly part: ApplyPart }

/** `actions` counts everything that this run has applied so far, whatever the part. */
export type AppliedRun =
  | { readonly kind: 'applied'; readonly actions: ActionCounts }
  /** Cancelled: the batch in hand was ended, the rest is not applied. */
  | { readonly kind: 'stopped'; readonly actions: ActionCounts }
  /** The records moved since the plan was made: nothing (more) was applied, stage and plan again. */
  | { readonly kind: 'stale' }
  /** A newer run of the same data type was applied meanwhile; this one's input is out of date. */
  | { readonly kind: 'superseded'; readonly byRunId: string }
  /** The input only says what changed, and an older run that is at work has to come first. Nothing was applied. */
  | { readonly kind: 'waits'; readonly forRunId: string }

export type ClosedRun = {
  readonly state: RunState
  readonly undoUntil: string | null
  /** Duplicate cases of this run that are open; absent where there are none, and in what the first release wrote. */
  readonly openCases?: number
}

/** A run that waits for a person, and the workflow that waits for it. */
export type HeldRun = { readonly runId: string; readonly workflowId: string }

/** `supersededBy`: a newer run is applied or held, and nobody is to be asked about this one. */
export type HeldForReview = { readonly supersededBy?: string }

export interface ImportActivities {
  /** Fixes what the run works with (mapping version, input, limits) and moves it to `validating`, or to `unchanged`. */
  openRun(run: RunRef): Promise<OpenedRun>
  /** One streaming pass over the archived input: check, map, digest, stage. Clears what an earlier attempt left. */
  stageRun(run: RunRef): Promise<StagedRun>
  /** Compares what is staged with the records, set-based; stores the plan and its counts; moves to `planned`. */
  buildPlan(run: RunRef): Promise<BuiltPlan>
  /** Moves the run to `held` and stores which limits were met. Earlier releases gave nothing back. */
  holdForReview(run: RunRef & { readonly metLimits: readonly MetLimit[] }): Promise<HeldForReview | undefined>
  /** Records a person's decision on a hold in the audit log, once however often it is called. */
  recordHoldDecision(run: RunRef & { readonly decision: 'approve' | 'discard'; readonly by: string }): Promise<void>
  /** Applies one part of the plan in batches, each journaled in its own transaction; resumes where it stopped. */
  applyPlan(request: ApplyRequest): Promise<AppliedRun>
  /** The held runs of the same data type that are older than this one: it takes their place. None where it brings no input. */
  listOlderHeldRuns(run: RunRef): Promise<readonly HeldRun[]>
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

export type DistrictRef = { readonly districtId: string }

/** One round of one delivery; a new round begins when somebody asks for it again. */
export type DeliveryRef = DistrictRef & { readonly deliveryId: string; readonly round: number }

export interface NotificationActivities {
  /** Makes the deliveries of the district's new events, and starts a workflow for each that has none. */
  announceEvents(district: DistrictRef): Promise<void>
  /** The same for every district; besides, reminders of open alerts, and old events are forgotten. */
  sweepNotifications(): Promise<void>
  /** One attempt. Throws while another one makes sense; returns when the delivery is over, in whatever way. */
  sendMail(delivery: DeliveryRef): Promise<void>
  sendWebhook(delivery: DeliveryRef): Promise<void>
  /** Ends a delivery whose attempts are used up, and writes down that nobody was told. */
  giveUpDelivery(delivery: DeliveryRef): Promise<void>
}

/** `runIds`: the runs that carry the decisions out. */
export type ProcessedCases = { readonly runIds: readonly string[]; readonly caseCount: number }

export interface CaseActivities {
  /** Takes decisions about duplicate cases of the run's data type; the database judges each for itself. */
  decideCases(
    request: RunRef & { readonly decisions: readonly CaseDecision[]; readonly by: string },
  ): Promise<DecidedCases>
  /** Starts the runs that carry out what was decided. */
  processCases(request: RunRef & { readonly by: string }): Promise<ProcessedCases>
  /** How many open cases this run is the newest to have. */
  countCasesOf(run: RunRef): Promise<{ readonly count: number }>
}

export type UndoWish = RunRef & {
  readonly by: string
  readonly reason: string
  /** The workflow in which it is one of several, for one wish. */
  readonly throughWorkflowId?: string
}

export type OpenedUndo =
  | { readonly kind: 'opened'; readonly undoRunId: string; readonly heartbeatMs: number }
  | { readonly kind: 'refused'; readonly reason: string }

/** Several undos in a row, for one wish. */
export type UndoThroughRef = DistrictRef & { readonly throughId: string }

export type UndoThroughWish = UndoThroughRef &
  Omit<UndoWish, 'throughWorkflowId'> & {
    /** What was confirmed, in the order in which it is taken back; `runId` is the last of it. */
    readonly runIds: readonly string[]
    /** ISO 8601. */
    readonly askedAt: string
  }

/** `isNeeded`: nothing was let go, because the run is being taken back with others. Histories of before have no word of it. */
export type PurgedJournal = { readonly purgedRows: number; readonly isNeeded?: boolean }

export type UndoOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'notCarriedOut'; readonly reason: string }
  | { readonly kind: 'failed'; readonly code: string }

/** Counts are of records, but `skipped` of fields that stay as they are. */
export type ClosedUndo = {
  readonly state: RunState
  readonly reverted: number
  readonly madeInactive: number
  readonly skipped: number
  readonly undoUntil: string | null
}

/** The steps of the undo window of a run. Where an undo is meant, `runId` is its own: it is a run too. */
export interface UndoActivities {
  /** Judges a wish to undo the run, and if nothing is against it writes the undo down; the same one when asked again. */
  openUndo(wish: UndoWish): Promise<OpenedUndo>
  /** Takes the run back in batches; goes on where it stopped. With an obstacle nothing was changed. */
  carryOutUndo(undo: RunRef): Promise<{ readonly obstacle: string | null }>
  /** Ends the undo, once, and moves the run that it took back. */
  closeUndo(undo: RunRef & { readonly outcome: UndoOutcome }): Promise<ClosedUndo>
  /** Lets go, in batches, of what an undo of the run would need; of nothing while it is needed. */
  purgeJournal(run: RunRef): Promise<PurgedJournal>
  /** Judges a wish to undo the run with what changed the records since; the same answer when asked again. */
  openUndoThrough(wish: UndoThroughWish): Promise<{ readonly isOpen: boolean; readonly stoppedReason: string | null }>
  /** Ends it, once, with the reason if it did not come to its end. */
  closeUndoThrough(end: UndoThroughRef & { readonly stoppedReason: string | null }): Promise<void>
}

/** One input for several data types. */
export type ImportSetRef = { readonly districtId: string; readonly setId: string }
export type ImportSetMemberRef = ImportSetRef & { readonly dataType: string }

export type ImportSetMember = {
  readonly dataType: string
  /** The data types whose records it refers to. */
  readonly needs: readonly string[]
  /** Why it will not begin; null where nothing speaks against it yet. */
  readonly reason: string | null
}

/** With a reason the run does not begin. */
export type BegunSetRun =
  | {
      readonly kind: 'begun'
      readonly runId: string
      readonly workflowId: string
      readonly isTest: boolean
      /** It reads pages of its own; absent in what earlier releases wrote. */
      readonly fetchesInput?: boolean
    }
  | { readonly kind: 'leftOut'; readonly reason: string }

/** The steps of an import set; each may run twice. */
export interface ImportSetActivities {
  /** Which data types run, in their order: those that are configured, with why the input feeds one of them nothing. */
  openImportSet(set: ImportSetRef): Promise<{ readonly members: readonly ImportSetMember[] }>
  /** Writes the run of a data type down, unless one that it needs was never completed. */
  beginSetRun(member: ImportSetMemberRef): Promise<BegunSetRun>
  /** Writes down why a data type does not run. */
  leaveOutSetRun(member: ImportSetMemberRef & { readonly reason: string }): Promise<void>
  readSetRun(run: RunRef): Promise<{ readonly state: RunState }>
  closeImportSet(set: ImportSetRef): Promise<void>
}
