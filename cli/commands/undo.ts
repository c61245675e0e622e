import { setTimeout as sleep } from 'node:timers/promises'
import type { RunDocument } from '../../api/contract/run.ts'
import type { UndoDocument, UndoReceipt } from '../../api/contract/undo.ts'
import { isAtRest } from '../../domain/import-run.ts'
import { ApiFailure, type ApiClient } from '../server/api-client.ts'
import { connectToServer } from '../server/connect.ts'
import { CommandFailure, exitCodes, type ExitCode } from '../exit-codes.ts'
import { findRunId } from '../server/find-id.ts'
import { printJson, printLine, say } from '../print.ts'
import type { UndoFlags } from '../program.ts'
import { createProgress } from '../progress.ts'
import { describeUndo } from '../report/undo-report.ts'
import { waitForRun } from '../server/wait-for-run.ts'
import { nobodyAnswers, waitForUndoThrough, workerPatienceMs } from '../server/wait-for-undo-through.ts'
import { pathOfRun } from './runs/run.ts'

const pauseMs = 500

/** Takes a run back and waits for the end of it, or with `--preview` only tells what that would do. */
export async function undoRun(text: string, options: UndoFlags): Promise<number> {
  const api = connectToServer()
  const id = await findRunId(api, text)
  const through = options.through === true
  if (options.preview) {
    await printUndo(await api.get<UndoDocument>(`${pathOfRun(id)}/undo/preview`, { through }), options)
    return exitCodes.done
  }
  const receipt = await api.post<UndoReceipt>(`${pathOfRun(id)}/undo`, { reason: options.reason ?? '', through })
  say(receipt.message)
  const undo = through ? await waitForThrough(api, receipt) : await waitForUndo(api, receipt)
  await printUndo(undo, options)
  return exitCodeOfUndo(undo)
}

async function waitForUndo(api: ApiClient, { runId, undoRunId }: UndoReceipt): Promise<UndoDocument> {
  const ended = await waitForRun(api, undoRunId ?? (await waitForWorker(api, runId)), {
    progress: await createProgress(),
  })
  if (ended.state === 'discarded') throw notCarriedOut(ended.closedReason ?? 'no reason is known')
  return api.get<UndoDocument>(`${pathOfRun(runId)}/undo`)
}

/** One that undid nothing was not carried out; one that stopped half-way is told of as far as it came. */
async function waitForThrough(api: ApiClient, receipt: UndoReceipt): Promise<UndoDocument> {
  const undo = await waitForUndoThrough(api, receipt, await createProgress())
  if (undo.state === 'stopped' && undo.runs?.length === 0)
    throw notCarriedOut(undo.stoppedReason ?? 'no reason is known')
  return undo
}

function notCarriedOut(reason: string): CommandFailure {
  const words = reason.replace(/\.$/, '')
  return new CommandFailure(
    `The run was not undone: ${words.slice(0, 1).toLowerCase()}${words.slice(1)}.`,
    exitCodes.refusedOrCancelled,
    'NOT_CARRIED_OUT',
  )
}

/** Stopped by a failure of ours, or because what was left could not be undone. */
function exitCodeOfUndo({ state, runs }: UndoDocument): ExitCode {
  if (state === 'undone' || state === 'partlyUndone') return exitCodes.done
  const isRefused = runs?.every((run) => run.state !== 'stopped') ?? false
  return isRefused ? exitCodes.refusedOrCancelled : exitCodes.failed
}

/** The id of the undo, once a worker has opened it. */
async function waitForWorker(api: ApiClient, id: string): Promise<string> {
  const giveUpAt = performance.now() + workerPatienceMs
  while (performance.now() < giveUpAt) {
    await sleep(pauseMs)
    const undo = await api.get<UndoDocument>(`${pathOfRun(id)}/undo`).catch((error: unknown) => {
      if (error instanceof ApiFailure && (error.status === 404 || error.isOutage)) return undefined
      throw error
    })
    if (typeof undo?.runId === 'string') return undo.runId
    const run = await api.get<RunDocument>(pathOfRun(id))
    if (!isAtRest(run.state)) break
  }
  throw nobodyAnswers()
}

async function printUndo(undo: UndoDocument, options: UndoFlags): Promise<void> {
  if (options.json) {
    await printJson(undo)
    say(describeUndo(undo))
  } else await printLine(describeUndo(undo))
}
