import type { RunState } from '../domain/import-run.ts'
import type { Log } from '../platform/log.ts'
import type { StageRunDependencies } from './stage/stage-run.ts'
import type { TimeLimitDependencies } from './within-time-limit.ts'

/** What the activities work with; the worker's process makes it once. */
export type ActivityDependencies = StageRunDependencies &
  Pick<TimeLimitDependencies, 'deriveStatementTimeout'> & {
    readonly log: Log
    readonly now: () => Date
    /** Silence after which a long step counts as dead. */
    readonly heartbeatMs: number
    /** How long after its end a run can be undone. */
    readonly undoWindowMs: number
    /** Told once of each run that has ended, after its end is committed; of one whose worker dies right then, never. */
    readonly onRunEnded?: (end: RunEnd) => void
  }

/** What of a run's end may be counted: kinds of things, no id and no district. */
export type RunEnd = { readonly dataType: string; readonly state: RunState }
