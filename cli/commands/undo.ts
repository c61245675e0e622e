import { setTimeout as sleep } from 'node:timers/promises'
import type { RunDocument } from '../../api/contract/run.ts'
import type { UndoDocument, UndoReceipt } from '../../api/contract/undo.ts'
import { isAtRest } from '../../domain/import-run.ts'
import { ApiFailure, type ApiClient } from '../api-client.ts'
import { connectToServer } from '../connect.ts'
import { CommandFailure, exitCodes, type ExitCode } from '../exit-codes.ts'
import { formatCount, printJson, printLine, say } from '../print.ts'
import type { UndoFlags } from '../program.ts'
import { createProgress } from '../progress.ts'
import { waitForRun } from '../wait-for-run.ts'
import { pathOfRun } from './run.ts'

/** A wish that no worker has judged yet is waited for this long; it is kept for longer. */
const workerPatienceMs = 60_000
const pauseMs = 500

/** Takes a run back and waits for the end of it, or with `--preview` only tells what that would do. */
export async function undoRun(id: string, options: UndoFlags): Promise<number> {
  const api = connectToServer()
  if (options.preview) {
    await printUndo(await api.get<UndoDocument>(`${pathOfRun(id)}/undo/preview`), options)
    return exitCodes.done
  }
  const receipt = await api.post<UndoReceipt>(`${pathOfRun(id)}/undo`, { reason: options.reason ?? '' })
  say(receipt.message)
  const undoRunId = receipt.undoRunId ?? (await waitForWorker(api, id))
  const ended = await waitForRun(api, undoRunId, { progress: await createProgress() })
  if (ended.state === 'discarded') {
    throw new CommandFailure(
      `The run was not undone: ${ended.closedReason ?? 'no reason is known'}.`,
      exitCodes.refusedOrCancelled,
      'NOT_CARRIED_OUT',
    )
  }
  const undo = await api.get<UndoDocument>(`${pathOfRun(id)}/undo`)
  await printUndo(undo, options)
  return exitCodeOfUndo(undo)
}

function exitCodeOfUndo({ state }: UndoDocument): ExitCode {
  return state === 'undone' || state === 'partlyUndone' ? exitCodes.done : exitCodes.failed
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
  throw new CommandFailure(
    'No worker has judged the wish yet. It is kept; `rollbook undo` again tells what became of it.',
    exitCodes.failed,
    'NOT_CARRIED_OUT',
  )
}

async function printUndo(undo: UndoDocument, options: UndoFlags): Promise<void> {
  if (options.json) {
    await printJson(undo)
    say(describeUndo(undo))
  } else await printLine(describeUndo(undo))
}

const shownSkips = 50
const stateWords: Readonly<Record<UndoDocument['state'], string>> = {
  preview: 'Preview – nothing was changed',
  undoing: 'Undo in Progress',
  undone: 'Undone',
  partlyUndone: 'Partly Undone',
  stopped: 'Critical Error – Undo Stopped; run the command again to go on with what is missing',
}
const reasonWords: Readonly<Record<UndoDocument['skipped'][number]['reason'], string>> = {
  changedByPerson: 'changed since by',
  changedByRun: 'changed since by run',
  changedSince: 'changed since',
  idTaken: 'another record has this id by now',
}

/** What a person reads: what goes back, what becomes inactive, what stays and why. */
function describeUndo(undo: UndoDocument): string {
  const lines = [
    stateWords[undo.state],
    `  run ${undo.undoOf}${undo.runId === null ? '' : `, undone by run ${undo.runId}`}`,
    `  reverted ${formatCount(undo.reverted)} · made inactive ${formatCount(undo.madeInactive)} · fields left as they are ${formatCount(undo.skippedCount)}`,
  ]
  for (const { recordId, field, reason, by } of undo.skipped.slice(0, shownSkips)) {
    lines.push(`  ${recordId}  ${field}: ${reasonWords[reason]}${by === null ? '' : ` ${by}`}`)
  }
  const hidden = undo.skippedCount - Math.min(undo.skipped.length, shownSkips)
  if (hidden > 0) lines.push(`  and ${formatCount(hidden)} more; --json lists them`)
  if (undo.state === 'preview') lines.push(`  Take it back: rollbook undo ${undo.undoOf}`)
  else if (undo.runId !== null && undo.state !== 'stopped') lines.push(`  Bring it back: rollbook undo ${undo.runId}`)
  return lines.join('\n')
}
