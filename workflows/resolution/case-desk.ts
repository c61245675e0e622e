import { ApplicationFailure, setHandler } from '@temporalio/workflow'
import type { RunRef } from '../../activities/interface.ts'
import { caseSteps } from '../activity-options.ts'
import {
  checkProcessUpdates,
  checkResolveDuplicates,
  processUpdatesSignal,
  processUpdatesUpdate,
  resolveDuplicatesSignal,
  resolveDuplicatesUpdate,
  type ProcessAnswer,
  type ProcessUpdates,
  type ResolveAnswer,
  type ResolveDuplicates,
} from '../messages.ts'

/** How often decisions were carried out from here. */
export type CaseDesk = { processed: number }

/**
 * Where decisions about duplicate cases land. The database owns the cases and judges each decision, so a message is
 * good on any run of the data type, twice, and late. Register before the first `await`; `onIgnored` gets what a signal
 * said in vain.
 */
export function openCaseDesk(run: RunRef, onIgnored: (message: string) => void): CaseDesk {
  const desk: CaseDesk = { processed: 0 }
  const resolveDescription =
    'Decides duplicate cases: { "decisions": [ { "caseId": "…", "action": "match" | "create" | "cancel", "recordId": "…" } ], "by": "…" }'
  const processDescription = 'Carries out what was decided about duplicate cases: { "by": "…" }'

  const resolve = async ({ decisions, by }: ResolveDuplicates): Promise<ResolveAnswer> => {
    const answer = await caseSteps.decideCases({ ...run, decisions, by })
    return { runId: run.runId, isAccepted: true, ...answer }
  }
  const carryOut = async ({ by }: ProcessUpdates): Promise<ProcessAnswer> => {
    const answer = await caseSteps.processCases({ ...run, by })
    desk.processed += 1
    return { runId: run.runId, isAccepted: true, ...answer }
  }

  setHandler(
    resolveDuplicatesSignal,
    async (argument) => {
      const problem = checkResolveDuplicates(argument)
      if (problem !== undefined) {
        onIgnored(`signal resolveDuplicates: ${problem}`)
        return
      }
      const { refused } = await resolve(argument)
      for (const { caseId, reason } of refused) onIgnored(`signal resolveDuplicates: case ${caseId}: ${reason}`)
    },
    { description: resolveDescription },
  )
  setHandler(
    resolveDuplicatesUpdate,
    async (argument) => {
      const answer = await resolve(argument)
      if (answer.decided > 0) return answer
      const reasons = answer.refused.map(({ caseId, reason }) => `case ${caseId}: ${reason}`)
      throw ApplicationFailure.nonRetryable(reasons.join('; '), 'DECISIONS_REFUSED')
    },
    {
      description: resolveDescription,
      validator: (argument) => {
        refuse(checkResolveDuplicates(argument))
      },
    },
  )
  setHandler(
    processUpdatesSignal,
    async (argument) => {
      const problem = checkProcessUpdates(argument)
      if (problem === undefined) await carryOut(argument)
      else onIgnored(`signal processUpdates: ${problem}`)
    },
    { description: processDescription },
  )
  setHandler(processUpdatesUpdate, carryOut, {
    description: processDescription,
    validator: (argument) => {
      refuse(checkProcessUpdates(argument))
    },
  })
  return desk
}

function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new Error(problem)
}
