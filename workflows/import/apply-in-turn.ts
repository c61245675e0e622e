import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import { executeChild, sleep } from '@temporalio/workflow'
import type { AppliedRun } from '../../activities/interface.ts'
import type { RunTimings } from '../activity-options.ts'
import { applyImport, type ApplyImportInput } from './apply-import.ts'

export type Turn = {
  readonly district: string
  readonly dataType: string
  readonly timings: Pick<RunTimings, 'turnPollMs' | 'turnPollMaxMs' | 'turnWaitMs'>
  /** Called when another run is applying and this one has to wait. */
  readonly onWait: () => void
}

/**
 * Applies when it is this run's turn: one apply at a time per (district, data type). `busy` when the turn did not come
 * within `turnWaitMs`. Another holder of the id may also be an earlier try of this very run that a reset left running;
 * waiting is right then too, for every batch will be found applied.
 */
export async function applyInTurn(
  request: ApplyImportInput,
  turn: Turn,
): Promise<AppliedRun | { readonly kind: 'busy' }> {
  return waitForTurn(turn, (workflowId) =>
    executeChild(applyImport, {
      workflowId,
      args: [request],
      // A parent that is terminated must not cut a batch: the child is asked to stop instead.
      parentClosePolicy: 'REQUEST_CANCEL',
      staticSummary: `Apply ${turn.dataType} of ${turn.district}`,
    }),
  )
}

/** Tries to be the one that holds `apply/{district}/{dataType}`, whose holder alone may change the records. */
export async function waitForTurn<Result>(
  turn: Turn,
  executeAs: (workflowId: string) => Promise<Result>,
): Promise<Result | { readonly kind: 'busy' }> {
  const { turnPollMs, turnPollMaxMs, turnWaitMs } = turn.timings
  const deadline = Date.now() + turnWaitMs
  for (let pauseMs = turnPollMs; ; pauseMs = Math.min(pauseMs * 2, turnPollMaxMs)) {
    try {
      return await executeAs(`apply/${turn.district}/${turn.dataType}`)
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
    }
    if (Date.now() >= deadline) return { kind: 'busy' }
    turn.onWait()
    await sleep(pauseMs, { summary: 'another run is applying' })
  }
}
