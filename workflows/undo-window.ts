import {
  allHandlersFinished,
  CancellationScope,
  condition,
  executeChild,
  setCurrentDetails,
  setHandler,
  TemporalFailure,
  upsertSearchAttributes,
} from '@temporalio/workflow'
import type { ClosedUndo, OpenedUndo, UndoOutcome } from '../activities/interface.ts'
import { defaultTimings, longUndoSteps, undoSteps, type RunTimings } from './activity-options.ts'
import { waitForTurn } from './apply-in-turn.ts'
import { applyUndo } from './apply-undo.ts'
import { describeUndoWindow, type UndoProgress } from './describe-undo-window.ts'
import { undoStatusQuery } from './messages.ts'
import { startUndoWindow, type UndoWindowInput } from './start-undo-window.ts'
import { codeOf } from './to-outcome.ts'
import { openUndoDesk } from './undo-desk.ts'

export type UndoWindowRequest = UndoWindowInput & { readonly timings?: Partial<RunTimings> }
export type ClosedWindow = { readonly undoRunId: string | null; readonly purgedRows: number }

const maxIgnored = 10
const purgeHeartbeatMs = 30_000

/**
 * The time in which a run can be undone: waits for a wish, carries it out, and at the end lets
 * go of what undo needs. It answers until then, also when the run was undone already or cannot be any more.
 */
export async function undoWindow(input: UndoWindowRequest): Promise<ClosedWindow> {
  const { districtId, runId, undoUntil } = input
  const run = { districtId, runId }
  const deadline = Date.parse(undoUntil)
  const progress: UndoProgress = { state: 'open', undoUntil, step: '', undoRunId: null, ignoredMessages: [] }
  const show = (change: Partial<UndoProgress>): void => {
    const before = progress.state
    Object.assign(progress, change)
    setCurrentDetails(describeUndoWindow(runId, progress))
    if (progress.state !== before) {
      upsertSearchAttributes([{ key: { name: 'RollbookState', type: 'KEYWORD' }, value: progress.state }])
    }
  }
  const desk = openUndoDesk(run, (message) =>
    show({ ignoredMessages: [...progress.ignoredMessages, message].slice(-maxIgnored) }),
  )
  setHandler(undoStatusQuery, () => ({ runId, ...progress, details: describeUndoWindow(runId, progress) }), {
    description: 'Whether the run can be undone, until when, and what became of it',
  })
  show({ step: 'Waiting for a wish to undo the run' })

  while (!desk.isClosing) {
    await condition(() => desk.opened !== undefined, Math.max(deadline - Date.now(), 0), {
      summary: `undo window, until ${undoUntil}`,
    })
    if (desk.opened === undefined) {
      desk.isClosing = true
      // A wish that came in time is being judged and still counts.
      await condition(allHandlersFinished)
    }
    await carryOutIfOpened()
  }

  return CancellationScope.nonCancellable(async () => {
    const { purgedRows } = await longUndoSteps(purgeHeartbeatMs).purgeJournal(run)
    show({ state: 'closed', step: 'The window is over; what undo needs is gone' })
    await condition(allHandlersFinished)
    return { undoRunId: progress.undoRunId, purgedRows }
  })

  async function carryOutIfOpened(): Promise<void> {
    const { opened } = desk
    if (opened === undefined) return
    desk.opened = undefined
    show({ state: 'undoing', step: 'Taking the run back', undoRunId: opened.undoRunId })
    // Half an undo helps nobody: it goes on although somebody cancels the window.
    const closed = await CancellationScope.nonCancellable(() => carryOut(opened))
    show({ state: 'open', step: describeEnd(closed) })
  }

  async function carryOut({ undoRunId, heartbeatMs }: OpenedUndo & { kind: 'opened' }): Promise<ClosedUndo> {
    const undo = { districtId, runId: undoRunId }
    let outcome: UndoOutcome
    try {
      outcome = await undoInTurn({ ...undo, heartbeatMs })
    } catch (error) {
      if (!(error instanceof TemporalFailure)) throw error
      outcome = { kind: 'failed', code: codeOf(error) }
    }
    const closed = await undoSteps.closeUndo({ ...undo, outcome })
    if (closed.undoUntil !== null) {
      const { district, dataType } = input
      await startUndoWindow({ ...undo, district, dataType, undoUntil: closed.undoUntil })
    }
    return closed
  }

  async function undoInTurn(request: Parameters<typeof applyUndo>[0]): Promise<UndoOutcome> {
    const { district, dataType } = input
    const timings = { ...defaultTimings, ...input.timings }
    const onWait = (): void => show({ step: `Waiting for an import of ${dataType} to finish applying` })
    const done = await waitForTurn({ district, dataType, timings, onWait }, (workflowId) =>
      executeChild(applyUndo, {
        workflowId,
        args: [request],
        parentClosePolicy: 'ABANDON',
        staticSummary: `Undo ${dataType} of ${district}`,
      }),
    )
    if ('kind' in done) {
      return { kind: 'notCarriedOut', reason: 'another import of the same data type would not end' }
    }
    return done.obstacle === null ? { kind: 'done' } : { kind: 'notCarriedOut', reason: done.obstacle }
  }
}

function describeEnd({ state, reverted, madeInactive, skipped }: ClosedUndo): string {
  switch (state) {
    case 'completed':
      return `Taken back: ${reverted} records reverted, ${madeInactive} made inactive, ${skipped} fields left as they are`
    case 'discarded':
      return 'The undo was not carried out; its run says why'
    default:
      return 'The undo was stopped by a failure; ask again to go on with what is missing'
  }
}
