import { setTimeout as sleep } from 'node:timers/promises'
import type { RunDocument } from '../../api/contract/run.ts'
import { isAtRest } from '../../domain/import-run.ts'
import type { ApiClient } from './api-client.ts'
import { ApiFailure } from './api-client.ts'
import { tellWhenStopped } from '../interrupt.ts'
import type { ProgressReporter } from '../progress.ts'

const outagePatienceMs = 60_000
const outagePauseMs = 500

type WaitOptions = {
  readonly progress: ProgressReporter
  /** Gives up with the last document once true; for a wait that has a limit of its own. */
  readonly isOver?: (run: RunDocument) => boolean
}

/**
 * Waits until the run needs nobody or waits for somebody, and gives its document. An outage of the server, such as a
 * restart, is waited out for a minute.
 */
export async function waitForRun(api: ApiClient, runId: string, options: WaitOptions): Promise<RunDocument> {
  const isOver = options.isOver ?? ((run) => isAtRest(run.state))
  let outageStartedAt: number | undefined
  // The first wait is long, because most runs end in it; later ones are short, so that progress moves.
  let waitSeconds = 2
  // Stopping the command stops no run.
  const forget = tellWhenStopped(`Run ${runId} goes on. Wait for it again: rollbook run wait ${runId}`)
  try {
    for (;;) {
      try {
        const run = await api.get<RunDocument>(`/api/runs/${runId}`, { wait: waitSeconds })
        outageStartedAt = undefined
        options.progress.report(run)
        if (isOver(run)) return run
        if (isAtRest(run.state)) await sleep(outagePauseMs)
        waitSeconds = 1
      } catch (error) {
        if (!(error instanceof ApiFailure) || !error.isOutage) throw error
        const now = performance.now()
        outageStartedAt ??= now
        if (now - outageStartedAt > outagePatienceMs) throw error
        options.progress.note('The server does not answer; waiting for it to come back.')
        await sleep(outagePauseMs)
      }
    }
  } finally {
    forget()
    options.progress.end()
  }
}
