import { setTimeout as sleep } from 'node:timers/promises'
import type { ImportSet } from '../../api/contract/import-set.ts'
import { exitCodeOfRun, exitCodes, type ExitCode } from '../exit-codes.ts'
import { tellWhenStopped } from '../interrupt.ts'
import type { JsonFlag } from '../options.ts'
import { printJson, printLine, say } from '../print.ts'
import { describeRun } from '../report/run-report.ts'
import { ApiFailure, type ApiClient } from '../server/api-client.ts'

const pauseMs = 500
const outagePatienceMs = 60_000

/** Waits until every run of the set is over or waits for a person, prints them, and gives the gravest of their exit codes. */
export async function finishImportSet(api: ApiClient, started: ImportSet, options: JsonFlag): Promise<number> {
  const set = await waitForSet(api, started)
  if (options.json) {
    await printImportSet(set, options)
    say(describeSet(set))
  } else await printLine(describeSet(set))
  return exitCodeOfSet(set)
}

/** A set as it is at this moment, for whoever does not wait for it. */
export async function printImportSet({ setId, workflowId, runs }: ImportSet, options: JsonFlag): Promise<number> {
  if (options.json) await printJson({ setId, workflowId, runs })
  else await printLine(`The import set ${setId} is under way.`)
  return exitCodes.done
}

async function waitForSet(api: ApiClient, { setId, ...started }: ImportSet): Promise<ImportSet> {
  const forget = tellWhenStopped(
    `The import set ${setId} goes on; its runs: rollbook run list --district ${started.district}`,
  )
  let outageStartedAt: number | undefined
  let told = 0
  try {
    for (;;) {
      await sleep(pauseMs)
      try {
        const set = await api.get<ImportSet>(`/api/import-sets/${setId}`, {})
        outageStartedAt = undefined
        for (const run of set.runs.slice(told)) {
          if (process.stderr.isTTY)
            say('runId' in run ? `${run.dataType} …` : `${run.dataType} is not started: ${run.reason}`)
        }
        told = set.runs.length
        if (set.finished) return set
      } catch (error) {
        if (!(error instanceof ApiFailure) || !error.isOutage) throw error
        outageStartedAt ??= performance.now()
        if (performance.now() - outageStartedAt > outagePatienceMs) throw error
      }
    }
  } finally {
    forget()
  }
}

function describeSet({ setId, workflowId, runs, waiting }: ImportSet): string {
  const parts = runs.map((run) => ('runId' in run ? describeRun(run) : `Not started: ${run.dataType}\n  ${run.reason}`))
  parts.push(...waiting.map((dataType) => `Not started: ${dataType}\n  the import set ended before its turn`))
  if (parts.length === 0)
    parts.push(`The import set ${setId} ended before any run was started; see workflow ${workflowId}.`)
  return parts.join('\n\n')
}

/** From the gravest on. */
const gravest: readonly ExitCode[] = [
  exitCodes.failed,
  exitCodes.refusedOrCancelled,
  exitCodes.held,
  exitCodes.openAlerts,
  exitCodes.done,
]

function exitCodeOfSet({ runs, waiting }: ImportSet): ExitCode {
  // Whatever is over has said what became of every data type; this one has not.
  if (runs.length === 0 || waiting.length > 0) return exitCodes.failed
  // Nothing of the input could be used: whoever scripts this must not take it for an import.
  if (runs.every((run) => !('runId' in run))) return exitCodes.refusedOrCancelled
  const codes = runs.map((run) => ('runId' in run ? exitCodeOfRun(run) : exitCodes.done))
  return gravest.find((code) => codes.includes(code)) ?? exitCodes.done
}
