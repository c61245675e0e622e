import type { RunTrouble, StepAtWork } from '../domain/run-trouble.ts'
import type { StartedImportSet, StartedRun } from '../domain/derive-run-start.ts'

/** What Temporal knows of a run's workflow. */
export type RunWorkflowFacts =
  | { readonly state: 'notFound' }
  /** It ended; `how` in Temporal's words. */
  | { readonly state: 'ended'; readonly how: string }
  | {
      readonly state: 'running'
      readonly trouble?: RunTrouble | undefined
      readonly atWork?: StepAtWork | undefined
    }

/** How many starts a Schedule has left out by itself since it was made. */
export type LeftOut = { readonly overlaps: number; readonly missed: number }

/** What steps ask of Temporal, apart from being run by it. */
export interface WorkflowPort {
  /** A second start is as good as the first. */
  startRun(run: StartedRun): Promise<void>
  startImportSet(set: StartedImportSet): Promise<void>
  describeRun(workflowId: string): Promise<RunWorkflowFacts>
  /** Shows in Temporal's UI that the run does not get on, or, without a trouble, that it does again. */
  tellTrouble(workflowId: string, trouble: RunTrouble | undefined): Promise<void>
  /** Undefined when Temporal has no such Schedule. */
  countLeftOut(scheduleId: string): Promise<LeftOut | undefined>
}
