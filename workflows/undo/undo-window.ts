import {
  allHandlersFinished,
  CancellationScope,
  condition,
  setCurrentDetails,
  setHandler,
  sleep,
  upsertSearchAttributes,
} from '@temporalio/workflow'
import type { ClosedUndo } from '../../activities/interface.ts'
import { defaultTimings, longUndoSteps, type RunTimings } from '../activity-options.ts'
import { carryOutUndo } from './carry-out-undo.ts'
import { describeUndoWindow, type UndoProgress } from './describe-undo-window.ts'
import { undoStatusQuery } from '../messages.ts'
import type { UndoWindowInput } from './start-undo-window.ts'
import { openUndoDesk } from './undo-desk.ts'

export type UndoWindowRequest = UndoWindowInput & { readonly timings?: Partial<RunTimings> }
export type ClosedWindow = { readonly undoRunId: string | null; readonly purgedRows: number }

const maxIgnored = 10
const purgeHeartbeatMs = 30_000
/** Nobody waits for the end of a window as for a turn: its polls are that much rarer. */
const calm = 20

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
    const purgedRows = await purgeWhenFree()
    show({ state: 'closed', step: 'The window is over; what undo needs is gone' })
    await condition(allHandlersFinished)
    return { undoRunId: progress.undoRunId, purgedRows }
  })

  async function carryOutIfOpened(): Promise<void> {
    const { opened } = desk
    if (opened === undefined) return
    desk.opened = undefined
    show({ state: 'undoing', step: 'Taking the run back', undoRunId: opened.undoRunId })
    const onWait = (): void => show({ step: `Waiting for an import of ${input.dataType} to finish applying` })
    // Half an undo helps nobody: it goes on although somebody cancels the window.
    const closed = await CancellationScope.nonCancellable(() => carryOutUndo(input, opened, onWait))
    show({ state: 'open', step: describeEnd(closed) })
  }

  /** A run that is being taken back together with others, in a workflow of its own, is waited for. */
  async function purgeWhenFree(): Promise<number> {
    const { turnPollMs, turnPollMaxMs } = { ...defaultTimings, ...input.timings }
    const longestMs = calm * turnPollMaxMs
    for (let pauseMs = calm * turnPollMs; ; pauseMs = Math.min(pauseMs * 2, longestMs)) {
      const { purgedRows, isNeeded } = await longUndoSteps(purgeHeartbeatMs).purgeJournal(run)
      if (isNeeded !== true) return purgedRows
      show({ step: 'The window is over; the run is being taken back with what came after it' })
      await sleep(pauseMs, { summary: 'the run is being taken back with others' })
    }
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
