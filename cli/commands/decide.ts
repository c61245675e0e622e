import type { MessageReceipt, RunDocument } from '../../api/contract/run.ts'
import { isAtRest } from '../../domain/import-run.ts'
import type { ApiClient } from '../server/api-client.ts'
import { connectToServer } from '../server/connect.ts'
import { exitCodeOfRun, exitCodes } from '../exit-codes.ts'
import { findRunId } from '../server/find-id.ts'
import { say } from '../print.ts'
import type { JsonFlag } from '../options.ts'
import { createProgress } from '../progress.ts'
import type { CancelFlags } from '../run-commands.ts'
import { waitForRun } from '../server/wait-for-run.ts'
import { pathOfRun, printRun } from './runs/run.ts'

/** A decision moves the run on within moments; a run still held after this is held anew, or its worker is down. */
const holdPatienceMs = 20_000

/** Approve waits until the run has been applied and ends as the run does; discard ends with 0 once it is discarded. */
export async function decideHold(decision: 'approve' | 'discard', text: string, options: JsonFlag): Promise<number> {
  const api = connectToServer()
  const id = await findRunId(api, text)
  const receipt = await api.post<MessageReceipt>(`${pathOfRun(id)}/hold`, { decision })
  say(receipt.message)
  const run = await waitUntilMoved(api, id)
  await printRun(run, options)
  if (decision === 'discard' && run.state === 'discarded') return exitCodes.done
  return exitCodeOfRun(run)
}

/** Ends with 0 once the run is cancelled: that is what was asked for. */
export async function cancelRun(text: string, options: CancelFlags): Promise<number> {
  const api = connectToServer()
  const id = await findRunId(api, text)
  const receipt = await api.post<MessageReceipt>(`${pathOfRun(id)}/cancel`, { reason: options.reason ?? '' })
  say(receipt.message)
  const run = await waitUntilMoved(api, id)
  await printRun(run, options)
  return run.state === 'cancelled' ? exitCodes.done : exitCodeOfRun(run)
}

async function waitUntilMoved(api: ApiClient, id: string): Promise<RunDocument> {
  const heldUntil = performance.now() + holdPatienceMs
  return await waitForRun(api, id, {
    progress: await createProgress(),
    isOver: ({ state }) => (state === 'held' ? performance.now() > heldUntil : isAtRest(state)),
  })
}
