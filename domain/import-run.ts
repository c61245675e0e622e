/**
 * The states of an import run and the moves between them.
 * docs/import-run-states.md is compared with this table by a test.
 */
export const runStates = [
  'queued',
  'validating',
  'planned',
  'tested',
  'held',
  'discarded',
  'applying',
  'completed',
  'completedWithAlerts',
  'unchanged',
  'cancelled',
  'undone',
  'partlyUndone',
] as const
export type RunState = (typeof runStates)[number]

/** Which state may follow which. A state that lists nothing is final. */
export const runMoves: Readonly<Record<RunState, readonly RunState[]>> = {
  queued: ['validating', 'cancelled'],
  validating: ['planned', 'unchanged', 'cancelled', 'discarded'],
  // Back to validating: the records moved since the plan was made, so the input is compared afresh.
  planned: ['tested', 'held', 'applying', 'validating', 'cancelled', 'discarded', 'unchanged'],
  tested: [],
  held: ['applying', 'discarded', 'validating', 'cancelled'],
  // What was applied before it ended so can be taken back like everything else.
  discarded: ['undone', 'partlyUndone'],
  applying: ['completed', 'completedWithAlerts', 'held', 'validating', 'cancelled', 'discarded'],
  completed: ['undone', 'partlyUndone'],
  completedWithAlerts: ['completed', 'undone', 'partlyUndone'],
  unchanged: [],
  cancelled: ['undone', 'partlyUndone'],
  undone: [],
  partlyUndone: ['undone'],
}

/** The words shown to people; the operator knows them from the products whose job we take over. */
export const runStatusText: Readonly<Record<RunState, string>> = {
  queued: 'Import Queued',
  validating: 'Import Validation in Progress',
  planned: 'Import Planned',
  tested: 'Test Import Finished',
  held: 'Held for Review',
  discarded: 'Import Discarded',
  applying: 'Import in Progress',
  completed: 'Import Completed',
  completedWithAlerts: 'Import Complete with Alerts',
  unchanged: 'Import Completed – Nothing Changed',
  cancelled: 'Critical Error – Import Cancelled',
  undone: 'Undone',
  partlyUndone: 'Partly Undone',
}

const statesUnderWay: readonly RunState[] = ['queued', 'validating', 'planned', 'applying']

/** States in which a run moves no more by itself: it is over, or waits for a person. */
export function isAtRest(state: RunState): boolean {
  return !statesUnderWay.includes(state)
}

/** True once nothing but an undo can change the run. */
export function isOver(state: RunState): boolean {
  return isAtRest(state) && state !== 'held'
}

/** What is shown of a run that takes another one back, where an import's words would mislead. */
const undoStatusText: Readonly<Partial<Record<RunState, string>>> = {
  applying: 'Undo in Progress',
  completed: 'Undo Completed',
  cancelled: 'Critical Error – Undo Stopped',
  discarded: 'Undo Not Carried Out',
}

/** What is shown of a run that ended for no fault of ours and of no source's: a wrong file, or somebody's wish. */
const endStatusText: Readonly<Record<string, string>> = {
  INPUT_REFUSED: 'Import Refused',
  RUN_CANCELLED: 'Import Cancelled',
}

export type ShownRun = {
  readonly state: RunState
  readonly undoOf: string | null
  /** `by`: who cancelled, where that was written down. */
  readonly failure: { readonly code: string; readonly by?: string } | null
}

/** The words shown to people of a run as it is. Scripts go by `state` and the failure's code; these may improve. */
export function describeRunState({ state, undoOf, failure }: ShownRun): string {
  if (undoOf !== null) return undoStatusText[state] ?? runStatusText[state]
  const ended = state === 'cancelled' && failure !== null ? endStatusText[failure.code] : undefined
  if (ended === undefined) return runStatusText[state]
  return failure?.by === undefined ? ended : `${ended} by ${failure.by}`
}

export function isMove(from: RunState, to: RunState): boolean {
  return runMoves[from].includes(to)
}

/** Counts of one run, as contract.md prints them. Rows, not cells. */
export type RunCounts = {
  readonly read: number
  readonly rejected: number
  readonly skipped: number
  readonly created: number
  readonly updated: number
  readonly deactivated: number
  readonly reactivated: number
  readonly unchanged: number
  readonly duplicates: number
}

export const noCounts: RunCounts = {
  read: 0,
  rejected: 0,
  skipped: 0,
  created: 0,
  updated: 0,
  deactivated: 0,
  reactivated: 0,
  unchanged: 0,
  duplicates: 0,
}

export const runKinds = ['import', 'resolution', 'undo'] as const
export type RunKind = (typeof runKinds)[number]

/** What brought a run about: an input, decisions about duplicates, or a wish to take another one back. */
export function kindOf(run: { readonly undoOf: string | null; readonly isResolution: boolean }): RunKind {
  if (run.undoOf !== null) return 'undo'
  return run.isResolution ? 'resolution' : 'import'
}
