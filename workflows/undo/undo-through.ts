import { CancellationScope, setCurrentDetails, TemporalFailure, workflowInfo } from '@temporalio/workflow'
import type { ClosedUndo } from '../../activities/interface.ts'
import { undoSteps } from '../activity-options.ts'
import { carryOutUndo, type UndoPlace } from './carry-out-undo.ts'
import type { RequestUndo } from '../messages.ts'
import { codeOf } from '../import/to-outcome.ts'

export type UndoThroughInput = UndoPlace &
  RequestUndo & {
    /** The oldest run to take back. */
    readonly runId: string
    /** All of them as somebody confirmed them, the newest first; `runId` is the last. */
    readonly runIds: readonly string[]
    /** ISO 8601; a wish that came within the undo windows counts although no worker was up. */
    readonly askedAt: string
  }
export type EndedUndoThrough = { readonly undoneRunIds: readonly string[]; readonly stoppedReason: string | null }

/**
 * Takes a run back with everything that changed the records since, the newest first: one undo
 * after the other, each a run of its own, and never an older one before the newer one is done. What cannot be undone
 * stops it; what was undone by then stays so, and the reason is written down.
 */
export async function undoThrough(input: UndoThroughInput): Promise<EndedUndoThrough> {
  const { districtId, runId, runIds, by, reason, askedAt } = input
  const { firstExecutionRunId: throughId, workflowId } = workflowInfo()
  const wish = { districtId, throughId }
  const undoneRunIds: string[] = []
  const show = (step: string): void => {
    setCurrentDetails(
      `**Run ${runId}** and what changed the records since: ${undoneRunIds.length} of ${runIds.length} taken back\n\n${step}`,
    )
  }
  // Half a chain is what nobody asked for: it goes on although somebody cancels the workflow.
  return CancellationScope.nonCancellable(async () => {
    const { isOpen, stoppedReason } = await undoSteps.openUndoThrough({ ...wish, runId, runIds, by, reason, askedAt })
    if (!isOpen) return { undoneRunIds, stoppedReason }
    const end = await undoAll()
    await undoSteps.closeUndoThrough({ ...wish, stoppedReason: end })
    show(end ?? 'All of them are taken back')
    return { undoneRunIds, stoppedReason: end }
  })

  async function undoAll(): Promise<string | null> {
    for (const each of runIds) {
      show(`Undoing run ${each}`)
      const whyNot = await undoOne(each)
      if (whyNot !== null) return whyNot
      undoneRunIds.push(each)
    }
    return null
  }

  async function undoOne(each: string): Promise<string | null> {
    try {
      const opened = await undoSteps.openUndo({ districtId, runId: each, by, reason, throughWorkflowId: workflowId })
      if (opened.kind === 'refused') return `run ${each} could not be undone: ${opened.reason}`
      const onWait = (): void => show(`Waiting for an import to finish applying, then undoing run ${each}`)
      return whyStopped(each, await carryOutUndo(input, opened, onWait))
    } catch (error) {
      if (!(error instanceof TemporalFailure)) throw error
      return stoppedByFailure(each, ` (${codeOf(error)})`)
    }
  }
}

function whyStopped(runId: string, { state }: ClosedUndo): string | null {
  switch (state) {
    case 'discarded':
      return `run ${runId} was not undone: another run changed the records before its turn came`
    case 'cancelled':
      return stoppedByFailure(runId)
    default:
      return null
  }
}

function stoppedByFailure(runId: string, code = ''): string {
  return `the undo of run ${runId} was stopped by a failure${code}; ask again to go on with what is missing`
}
