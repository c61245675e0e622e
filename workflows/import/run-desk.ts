import { setDefaultSignalHandler, setHandler } from '@temporalio/workflow'
import {
  cancelRunSignal,
  cancelRunUpdate,
  checkCancelRun,
  checkDecideHold,
  checkSuperseded,
  decideHoldSignal,
  decideHoldUpdate,
  readStepTrouble,
  stepTroubleSignal,
  supersededSignal,
  type CancelRun,
  type DecideHold,
  type MessageAnswer,
} from '../messages.ts'

import type { RunTrouble } from '../../domain/run-trouble.ts'

/**
 * Where the messages to a run land. Handlers only write here; the main function reads it and acts, so that the order
 * of arrival does not matter and no handler can throw.
 */
export type RunDesk = {
  /**
   * True while a decision is asked for. One that comes at another time is not kept: it cannot be about a plan that its
   * sender has seen, and after a recomputation it would approve the worse plan unseen.
   */
  isAsking: boolean
  /** True once the outcome is fixed: nothing that comes now can change it. */
  isClosing: boolean
  decision: DecideHold | undefined
  cancellation: CancelRun | undefined
  supersededBy: string | undefined
}

const maxNameLength = 60

export type DeskCalls = {
  /** Called once, at the first cancellation. */
  readonly onCancel: () => void
  /** Called with each message that could not be used, and why. */
  readonly onIgnored: (message: string) => void
  /** Called with what the watchdog has seen of the step at hand, or null when that gets on again. */
  readonly onTrouble: (trouble: RunTrouble | null) => void
}

/** Registers every handler; call it before the first `await`. */
export function openRunDesk(runId: string, { onCancel, onIgnored, onTrouble }: DeskCalls): RunDesk {
  const desk: RunDesk = {
    isAsking: false,
    isClosing: false,
    decision: undefined,
    cancellation: undefined,
    supersededBy: undefined,
  }

  const whyNotDecide = (argument: unknown): string | undefined =>
    checkDecideHold(argument) ?? (desk.isAsking ? undefined : 'the run is not held for review')
  const whyNotCancel = (argument: unknown): string | undefined =>
    checkCancelRun(argument) ?? (desk.isClosing ? 'the run is over' : undefined)

  const decide = (decision: DecideHold): MessageAnswer => {
    desk.decision = decision
    desk.isAsking = false
    return { runId, isAccepted: true }
  }
  const cancel = (cancellation: CancelRun): MessageAnswer => {
    if (desk.cancellation === undefined) {
      desk.cancellation = cancellation
      onCancel()
    }
    return { runId, isAccepted: true }
  }

  const decideDescription = 'Answers a held run: { "decision": "approve" | "discard", "by": "…" }'
  const cancelDescription = 'Cancels the run; a batch in hand is ended first: { "by": "…", "reason": "…" }'

  setHandler(
    decideHoldSignal,
    (argument) => {
      const problem = whyNotDecide(argument)
      if (problem === undefined) decide(argument)
      else onIgnored(`signal decideHold: ${problem}`)
    },
    { description: decideDescription },
  )
  setHandler(decideHoldUpdate, decide, {
    description: decideDescription,
    validator: (argument) => refuse(whyNotDecide(argument)),
  })
  setHandler(
    cancelRunSignal,
    (argument) => {
      const problem = whyNotCancel(argument)
      if (problem === undefined) cancel(argument)
      else onIgnored(`signal cancelRun: ${problem}`)
    },
    { description: cancelDescription },
  )
  setHandler(cancelRunUpdate, cancel, {
    description: cancelDescription,
    validator: (argument) => refuse(whyNotCancel(argument)),
  })
  setHandler(
    supersededSignal,
    (argument) => {
      const problem = checkSuperseded(argument)
      if (problem === undefined) desk.supersededBy = argument.runId
      else onIgnored(`signal superseded: ${problem}`)
    },
    { description: 'Sent by a newer run that takes this one’s place: { "runId": "…" }' },
  )
  setHandler(
    stepTroubleSignal,
    (argument) => {
      const trouble = readStepTrouble(argument)
      if (trouble !== undefined) onTrouble(trouble)
    },
    { description: 'Sent by the watchdog when a step does not get on, and when it does again' },
  )
  setDefaultSignalHandler((name) =>
    onIgnored(
      `signal ${name.slice(0, maxNameLength)}: there is no such signal; decideHold, resolveDuplicates, processUpdates and cancelRun are known`,
    ),
  )
  return desk
}

/** An update's validator refuses by throwing, and must do so before it returns: what an async one throws is lost. */
function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new Error(problem)
}
