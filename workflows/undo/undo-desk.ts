import { ApplicationFailure, setDefaultSignalHandler, setHandler } from '@temporalio/workflow'
import type { OpenedUndo, RunRef } from '../../activities/interface.ts'
import { undoSteps } from '../activity-options.ts'
import { checkRequestUndo, requestUndoSignal, requestUndoUpdate, type RequestUndo } from '../messages.ts'

/** Where wishes to undo a run land. Each is judged by the database; the main function carries out what was opened. */
export type UndoDesk = {
  /** The undo to carry out. */
  opened: (OpenedUndo & { kind: 'opened' }) | undefined
  /** True once the window is being closed. */
  isClosing: boolean
}

const maxNameLength = 60

/** Registers every handler; call it before the first `await`. `onIgnored` gets each wish that was refused, and why. */
export function openUndoDesk(run: RunRef, onIgnored: (message: string) => void): UndoDesk {
  const desk: UndoDesk = { opened: undefined, isClosing: false }
  const description = 'Takes the run back, field by field: { "by": "…", "reason": "…" }'
  const whyNot = (argument: unknown): string | undefined =>
    checkRequestUndo(argument) ?? (desk.isClosing ? 'the undo window of this run is over' : undefined)

  const open = async ({ by, reason }: RequestUndo): Promise<OpenedUndo> => {
    const opened = await undoSteps.openUndo({ ...run, by, reason })
    if (opened.kind === 'opened') desk.opened = opened
    return opened
  }

  setHandler(
    requestUndoSignal,
    async (argument) => {
      const problem = whyNot(argument)
      const opened: OpenedUndo = problem === undefined ? await open(argument) : { kind: 'refused', reason: problem }
      if (opened.kind === 'refused') onIgnored(`signal requestUndo: ${opened.reason}`)
    },
    { description },
  )
  setHandler(
    requestUndoUpdate,
    async (argument) => {
      const opened = await open(argument)
      if (opened.kind === 'refused') throw ApplicationFailure.nonRetryable(opened.reason, 'UNDO_REFUSED')
      return { runId: run.runId, undoRunId: opened.undoRunId }
    },
    {
      description,
      validator: (argument) => {
        const problem = whyNot(argument)
        if (problem !== undefined) throw new Error(problem)
      },
    },
  )
  setDefaultSignalHandler((name) =>
    onIgnored(`signal ${name.slice(0, maxNameLength)}: there is no such signal; requestUndo is known`),
  )
  return desk
}
