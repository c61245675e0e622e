import { setTimeout as sleep } from 'node:timers/promises'
import type { UndoDocument, UndoReceipt } from '../../api/contract/undo.ts'
import { ApiFailure, type ApiClient } from './api-client.ts'
import { CommandFailure, exitCodes } from '../exit-codes.ts'
import { countOf } from '../print.ts'
import { tellWhenStopped } from '../interrupt.ts'
import type { ProgressReporter } from '../progress.ts'

/** A wish that no worker has judged yet is waited for this long; it is kept for longer. */
export const workerPatienceMs = 60_000
const pauseMs = 500

/**
 * Waits until all that was wished is undone, or it stopped, and gives what became of it. An outage of the server, such as
 * a restart, is waited out for as long as a worker.
 */
export async function waitForUndoThrough(
  api: ApiClient,
  { runId, throughId }: UndoReceipt,
  progress: ProgressReporter,
): Promise<UndoDocument> {
  let heardAt = performance.now()
  const forget = tellWhenStopped(`The undo goes on. Look again: rollbook undo ${runId} --through`)
  try {
    for (;;) {
      const isPatient = performance.now() - heardAt < workerPatienceMs
      // The last wish of this run may still be an earlier one.
      const undo = await readUndo(api, runId, isPatient)
      if (undo !== undefined && undo.throughId === throughId) {
        if (undo.state !== 'undoing') return undo
        heardAt = performance.now()
        progress.note(describeStep(undo))
      } else if (!isPatient) throw nobodyAnswers()
      await sleep(pauseMs)
    }
  } finally {
    forget()
    progress.end()
  }
}

async function readUndo(api: ApiClient, runId: string, isPatient: boolean): Promise<UndoDocument | undefined> {
  try {
    return await api.get<UndoDocument>(`/api/runs/${runId}/undo`, { through: true })
  } catch (error) {
    if (error instanceof ApiFailure && (error.status === 404 || (error.isOutage && isPatient))) return undefined
    throw error
  }
}

function describeStep({ runs = [], notUndone = [] }: UndoDocument): string {
  const at = runs.at(-1)
  const total = runs.length + notUndone.length
  if (at?.state === 'undoing') return `Undoing run ${at.undoOf} (${runs.length} of ${total})`
  return `${runs.length} of ${countOf(total, 'run')} undone`
}

/** What a command ends with that waited for a worker in vain. */
export function nobodyAnswers(): CommandFailure {
  return new CommandFailure(
    'No worker has judged the wish yet. It is kept; `rollbook undo` again tells what became of it.',
    exitCodes.failed,
    'NOT_CARRIED_OUT',
  )
}
