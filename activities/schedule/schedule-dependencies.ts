import type { Surroundings } from '../../connectors/connector.ts'
import type { Log } from '../../platform/log.ts'
import type { StageRunDependencies } from '../stage/stage-run.ts'
import type { WorkflowPort } from '../workflow-port.ts'

/** From when on the watchdog takes something for trouble. */
export type WatchLimits = {
  /** A younger run is still being started by whoever wrote it down. */
  readonly youngRunMs: number
  /** A step that failed this often and is still tried. */
  readonly failedAttempts: number
  /** A step that is at work and tells of nothing, besides a quarter of a millisecond for each row. */
  readonly stillMs: number
  readonly stalledMs: number
  readonly heldMs: number
}

/**
 * For how many days things are kept: the log of a run after its end, its input after somebody last asked for it, the values of
 * a decided case, and what came of a schedule's starts and closed alarms.
 */
export type Retention = {
  readonly logDays: number
  readonly inputDays: number
  readonly caseDays: number
  readonly scheduleDays: number
}

/** What the steps around runs work with. */
export type ScheduleDependencies = Pick<StageRunDependencies, 'db' | 'getConnector' | 'openSettings'> & {
  readonly log: Log
  readonly now: () => Date
  readonly workflows: WorkflowPort
  /** By the district's slug. */
  readonly surroundingsOf: (district: string) => Surroundings
  readonly undoWindowMs: number
  readonly retention: Retention
  readonly watchLimits?: Partial<WatchLimits>
  /** How often a source that does not answer is asked before a start is left out. */
  readonly sourceTries?: number
}
